/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Starts a publisher and a consumer in virtual machines like this one. */
final class JavaPair {
    private JavaPair() {}

    /** Starts two that exchange messages. */
    static Pair start(MessageCargo cargo, int senders) throws IOException {
        String name = "bench-" + ProcessHandle.current().pid() + "-" + cargo + senders;
        String[] arguments = {name, cargo.toString(), "" + senders};
        Peer sender = Peer.start("sender", command(MessageSender.class, arguments));
        try {
            return new Pair(sender, Peer.start("receiver", command(MessageReceiver.class, arguments)));
        } catch (IOException e) {
            sender.close();
            throw e;
        }
    }

    /** Returns the name of the stream of frames of that size. */
    static String stream(FrameSize size) {
        return "bench-" + ProcessHandle.current().pid() + "-" + size;
    }

    /** Starts further clients of a publisher. */
    static Peer startSleepers(FrameSize size, int count) throws IOException {
        return Peer.start("sleepers", command(HandoffSleepers.class, stream(size), "" + count));
    }

    /** Starts two that exchange frames; the consumer looks for them for some time before it sleeps. */
    static Pair start(FrameSize size, boolean touch, long spinMicros) throws IOException {
        String name = stream(size);
        Peer publisher = Peer.start(
                "publisher", command(HandoffPublisher.class, name, "" + size.width(), "" + size.height(), "" + touch));
        try {
            return new Pair(
                    publisher,
                    Peer.start("consumer", command(HandoffConsumer.class, name, "" + touch, "" + spinMicros)));
        } catch (IOException e) {
            publisher.close();
            throw e;
        }
    }

    static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import io.machframe.core.error.MachException;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Serves and asks message ports as it is told, one command a line; answers each with one line. */
final class PortPeer {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int HALT = -99;

    private PortPeer() {}

    public static void main(String[] arguments) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            System.out.println(answer(line.split(" ", -1)));
        }
    }

    private static String answer(String[] words) {
        try {
            return switch (words[0]) {
                case "hold" -> hold(words[1]);
                case "serve" -> serve(words[1]);
                case "loop" -> loop(words[1]);
                case "relay" -> relay(words[1], words[2]);
                case "ask" -> ask(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
                case "flood" -> flood(words[1]);
                default -> throw new IllegalArgumentException(words[0]);
            };
        } catch (MachException e) {
            return e.getClass().getSimpleName();
        }
    }

    private static Optional<ByteBuffer> echo(LocalMessagePort port, int id, ByteBuffer data) {
        if (id == HALT) {
            Runtime.getRuntime().halt(0);
        }
        return Optional.of(data);
    }

    /** Takes a name and receives nothing. */
    private static String hold(String name) throws MachException {
        LocalMessagePort.create(name, PortPeer::echo);
        return "ok";
    }

    /** Answers each request with its data. */
    private static String serve(String name) throws MachException {
        LocalMessagePort.create(name, PortPeer::echo).setExecutor(Executors.newSingleThreadExecutor());
        return "ok";
    }

    /** Answers each request with its data, from the loop of a thread. */
    private static String loop(String name) throws MachException {
        LocalMessagePort port = LocalMessagePort.create(name, PortPeer::echo);
        RunLoop.background().add(port.runLoopSource(0), RunLoopMode.DEFAULT);
        return "ok";
    }

    /** Answers each request with what another port answers to it, whose server asks back until the id is 0. */
    private static String relay(String name, String to) throws MachException {
        LocalMessagePort port = LocalMessagePort.create(name, (self, id, data) -> {
            try {
                return Optional.of(RemoteMessagePort.connect(to)
                        .request(id - 1, data, LIMIT, LIMIT, RunLoopMode.DEFAULT)
                        .data());
            } catch (MachException e) {
                throw new IllegalStateException(e);
            }
        });
        RunLoop.background().add(port.runLoopSource(0), RunLoopMode.DEFAULT);
        return "ok";
    }

    /** Makes requests and says how many had the right answer. */
    private static String ask(String name, int count, int size) throws MachException {
        RemoteMessagePort port = RemoteMessagePort.connect(name);
        int good = 0;
        for (int i = 0; i < count; i++) {
            ByteBuffer data = ByteBuffer.allocate(size);
            for (int at = 0; at < size; at++) {
                data.put(at, (byte) (i + at));
            }
            Reply reply = port.request(i, data, LIMIT, LIMIT);
            good += reply.isSuccess() && reply.data().equals(data) ? 1 : 0;
        }
        return "good " + good;
    }

    /** Asks and asks until it is killed. */
    private static String flood(String name) throws MachException {
        RemoteMessagePort port = RemoteMessagePort.connect(name);
        Thread asking = new Thread(() -> {
            try {
                while (port.request(1, ByteBuffer.allocate(100), LIMIT, LIMIT).isSuccess()) {
                    TimeUnit.MICROSECONDS.sleep(10);
                }
            } catch (MachException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        asking.setDaemon(true);
        asking.start();
        return "ok";
    }
}

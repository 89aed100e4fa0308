/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.bootstrap;

import io.machframe.core.error.MachException;
import io.machframe.core.error.ServiceActiveException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.Platform;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Checks names in and looks them up as it is told, one command a line; answers each with one line. A name is spelled in
 * hexadecimal, so that any can be.
 */
final class ServicePeer {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final Map<String, ReceiveRight> services = new HashMap<>();
    private final Map<String, SendRight> rights = new HashMap<>();

    private ServicePeer() {}

    /** A name that no other test, in this process or another, has. */
    static String newName(String part) {
        return part + "." + ProcessHandle.current().pid() + "." + NAMES.incrementAndGet();
    }

    /** Tells a peer something and returns its answer. */
    static String ask(ChildProcess child, String command, String name, Object... arguments) throws IOException {
        tell(child, command, name, arguments);
        return child.readLine();
    }

    static void tell(ChildProcess child, String command, String name, Object... arguments) throws IOException {
        StringBuilder line = new StringBuilder(command).append(' ').append(spell(name));
        for (Object argument : arguments) {
            line.append(' ').append(argument);
        }
        child.writeLine(line.toString());
    }

    static String spell(String name) {
        return HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8));
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        ServicePeer peer = new ServicePeer();
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] words = line.split(" ", 3);
            String name = new String(HexFormat.of().parseHex(words[1]), StandardCharsets.UTF_8);
            System.out.println(peer.answer(words[0], name, words.length > 2 ? words[2] : ""));
        }
    }

    private String answer(String command, String name, String argument) throws Exception {
        try {
            return switch (command) {
                case "checkIn" -> checkIn(name);
                case "takeOver" -> takeOver(name);
                case "lookUp" -> lookUp(name, Duration.ofMillis(Long.parseLong(argument)));
                case "close" -> close(name);
                case "send" -> send(name, Integer.parseInt(argument));
                case "request" -> request(name, Integer.parseInt(argument));
                case "serve" -> serve(name);
                case "isDead" -> Boolean.toString(rights.get(name).isDead());
                case "directory" -> Platform.current().bootstrap().directory();
                default -> throw new IllegalArgumentException(command);
            };
        } catch (MachException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    private String checkIn(String name) throws Exception {
        services.put(name, Bootstrap.checkIn(name));
        return "ok";
    }

    /** Takes the name as soon as it is free. */
    private String takeOver(String name) throws Exception {
        while (true) {
            try {
                return checkIn(name);
            } catch (ServiceActiveException stillHeld) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }

    private String lookUp(String name, Duration limit) throws Exception {
        SendRight before = rights.put(name, Bootstrap.lookUp(name, limit));
        if (before != null) {
            before.close();
        }
        return "ok";
    }

    private String close(String name) {
        services.remove(name).close();
        return "ok";
    }

    private String send(String name, int id) throws Exception {
        OutgoingMessage.builder().id(id).build().sendTo(rights.get(name));
        return "ok";
    }

    /** Answers a request's id with that plus one, and says who asked. */
    private String serve(String name) throws Exception {
        try (ReceivedMessage request = ReceivedMessage.receiveFrom(services.get(name))) {
            OutgoingMessage.builder().id(request.id() + 1).build().sendTo(request.takeReplyOnce());
            return "served " + request.sender().pid() + " " + request.sender().uid() + " "
                    + request.sender().gid();
        }
    }

    private String request(String name, int id) throws Exception {
        try (ReceiveRight replies = Task.self().allocatePort()) {
            OutgoingMessage.builder().id(id).replyOnceTo(replies).build().sendTo(rights.get(name));
            ReceivedMessage reply =
                    ReceivedMessage.tryReceiveFrom(replies, LIMIT).orElseThrow();
            try (reply) {
                return "answered " + reply.id() + " by " + reply.sender().pid();
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.lifetime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.memory.MemoryAccess;
import io.machframe.core.memory.MemoryEntry;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.memory.SharedWord;
import io.machframe.core.message.MessageBuilder;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceiveBuffer;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.message.RequestPort;
import io.machframe.core.message.RightArray;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A call that waits is the last to know its object: the collector must leave that alone until the call is done. Compiled
 * code keeps nothing reachable that it does not need any more, interpreted code does, so the calls run in a process that
 * compiles them at once.
 */
@Timeout(300)
@RequiresCapability(TestCapability.LINUX)
class ForgottenInCallProcessTest {
    private static final int COLLECTIONS = 20;
    private static final int PAUSE_MILLIS = 20;
    private static final int ID = 77;

    @Test
    void anObjectIsNotForgottenWhileItsCallWaits() throws Exception {
        ProcessBuilder builder = ChildProcess.builder(Waits.class);
        builder.command()
                .addAll(
                        1,
                        List.of(
                                "-XX:CompileCommand=quiet",
                                "-XX:CompileCommand=compileonly,io.machframe.*::*",
                                "-Xcomp",
                                "-Dmachframe.leaks=off"));
        try (ChildProcess child = ChildProcess.of(builder.start())) {
            for (Calls call : Calls.values()) {
                assertEquals(call + " " + ID, child.readLine());
            }
        }
    }

    /** What the calls work on; the objects that wait are known to the calls alone. */
    private static ReceiveRight server;

    private static SendRight toServer;
    private static SendRight toWaiter;
    private static SharedWord word;

    @SuppressWarnings("ImmutableEnumChecker") // what a call does is no value
    enum Calls {
        RECEIVE(() -> ReceivedMessage.receiveFrom(port()).id(), ForgottenInCallProcessTest::wake),
        RECEIVE_WITH_LIMIT(
                () -> ReceivedMessage.tryReceiveFrom(port(), Duration.ofMinutes(2))
                        .orElseThrow()
                        .id(),
                ForgottenInCallProcessTest::wake),
        RECEIVE_FROM_SET(
                () -> ReceivedMessage.receiveFrom(set()).id(),
                () -> OutgoingMessage.builder().id(ID).build().sendTo(toServer)),
        RECEIVE_INTO_BUFFER(() -> ReceiveBuffer.ofSize(100).receiveFrom(port()).id(), ForgottenInCallProcessTest::wake),
        SEND(
                () -> {
                    message().sendTo(toServer);
                    return ID;
                },
                ForgottenInCallProcessTest::takeWithRights),
        SEND_RIGHTS(
                () -> {
                    message(OutgoingMessage.builder().move(RightArray.copy(List.of(toServer, toServer))))
                            .sendTo(toServer);
                    return ID;
                },
                ForgottenInCallProcessTest::takeWithRights),
        SEND_AND_RECEIVE(() -> message().sendAndReceive(toServer, port()).id(), () -> {
            takeWithRights();
            BEGUN.acquire();
            wake();
        }),
        REQUEST(() -> RequestPort.open().request(toServer, request()).id(), ForgottenInCallProcessTest::answer),
        REQUEST_WITH_LIMIT(
                () -> RequestPort.open()
                        .tryRequest(toServer, request(), Duration.ofMinutes(2))
                        .orElseThrow()
                        .id(),
                ForgottenInCallProcessTest::answer),
        WAIT_FOR_WORD(
                () -> {
                    word().await(0, SharedWord.NO_LIMIT);
                    return ID;
                },
                () -> {
                    word.set(1);
                    word.wakeAll();
                });

        final Callable<Integer> call;
        final Step end;

        /** Whether the server's queue is full when the call begins. */
        final boolean fills = name().startsWith("SEND") || name().startsWith("REQUEST");

        Calls(Callable<Integer> call, Step end) {
            this.call = call;
            this.end = end;
        }
    }

    /** The object that is about to wait was made. */
    private static final Semaphore BEGUN = new Semaphore(0);

    private interface Step {
        void run() throws Exception;
    }

    private static ReceiveRight port() throws Exception {
        ReceiveRight port = Task.self().allocatePort();
        toWaiter = port.makeSend();
        BEGUN.release();
        return port;
    }

    private static PortSet set() throws Exception {
        PortSet set = Task.self().allocateSet();
        set.add(server);
        BEGUN.release();
        return set;
    }

    private static OutgoingMessage message() throws Exception {
        return message(OutgoingMessage.builder());
    }

    private static OutgoingMessage message(MessageBuilder builder) throws Exception {
        BEGUN.release();
        return builder.id(ID)
                .copy(toServer)
                .makeSend(Task.self().allocatePort())
                .build();
    }

    private static MessageBuilder request() throws Exception {
        BEGUN.release();
        return OutgoingMessage.builder().copy(toServer);
    }

    private static SharedWord word() throws Exception {
        MemoryRegion shared = MemoryRegion.allocate(4096);
        try (MemoryEntry entry = MemoryEntry.of(shared, MemoryAccess.READ_WRITE)) {
            BEGUN.release();
            word = SharedWord.of(entry.map(4096, MemoryAccess.READ_WRITE), 0);
            return SharedWord.of(entry.map(4096, MemoryAccess.READ), 0);
        }
    }

    private static void wake() throws Exception {
        OutgoingMessage.builder().id(ID).build().sendTo(toWaiter);
    }

    /** The rights came with the message: they were not released while it waited. */
    private static void takeWithRights() throws Exception {
        for (Optional<ReceivedMessage> next = ReceivedMessage.tryReceiveFrom(server);
                next.isPresent();
                next = ReceivedMessage.tryReceiveFrom(server)) {
            next.get().close();
        }
    }

    private static void answer() throws Exception {
        while (true) {
            try (ReceivedMessage request = ReceivedMessage.receiveFrom(server)) {
                if (request.descriptorCount() == 1) {
                    OutgoingMessage.builder().id(ID).build().sendTo(request.takeReplyOnce());
                    return;
                }
            }
        }
    }

    /** In a process of its own, compiled at once. */
    static final class Waits {
        private Waits() {}

        public static void main(String[] arguments) throws Exception {
            for (Calls waits : Calls.values()) {
                try (ReceiveRight port = Task.self().allocatePort();
                        SendRight right = port.makeSend()) {
                    server = port;
                    toServer = right;
                    System.out.println(waits + " " + run(waits));
                }
            }
        }

        private static Object run(Calls waits) throws Exception {
            while (waits.fills && OutgoingMessage.builder().build().trySendTo(toServer)) {
                // until its queue is full
            }
            FutureTask<Integer> answer = new FutureTask<>(waits.call);
            Thread thread = new Thread(answer);
            thread.setDaemon(true);
            thread.start();
            BEGUN.acquire();
            for (int i = 0; i < COLLECTIONS; i++) {
                System.gc();
                Thread.sleep(PAUSE_MILLIS);
            }
            waits.end.run();
            try {
                return answer.get();
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }
    }
}

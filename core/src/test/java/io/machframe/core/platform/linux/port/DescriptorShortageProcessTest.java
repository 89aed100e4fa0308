/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A process that runs out of descriptors is told so, loses none, and works again when it has some. */
@RequiresCapability(TestCapability.PRLIMIT)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class DescriptorShortageProcessTest {
    private static final List<String> FEW = List.of("prlimit", "--nofile=96:96");

    @Test
    void whatNeedsDescriptorsFailsAndLeavesNothing() throws Exception {
        try (ChildProcess child = ChildProcess.start(FEW, Starving.class)) {
            for (int free = 0; free < 4; free++) {
                assertEquals("KERN_NO_SPACE 0", child.readLine());
            }
            assertEquals("KERN_NO_SPACE 0", child.readLine());
            assertEquals("KERN_NO_SPACE 0", child.readLine());
            assertEquals("KERN_NO_SPACE 0", child.readLine());
            assertEquals("message destroyed, then 7", child.readLine());
            assertEquals("told of 71 71 71", child.readLine());
            assertEquals("thread received 8", child.readLine());
            assertEquals("thread ended by PortClosedException", child.readLine());
            assertEquals("thread ended by InterruptedException", child.readLine());
            assertEquals("works", child.readLine());
            assertEquals(0, child.waitFor());
        }
    }

    @Test
    void threadsThatEndGiveTheirDescriptorsBack() throws Exception {
        try (ChildProcess child = ChildProcess.start(FEW, ManyThreads.class)) {
            assertEquals("1000 threads received", child.readLine());
            assertEquals(0, child.waitFor());
        }
    }

    @Test
    void servicesThatEndGiveTheirDescriptorsBack() throws Exception {
        try (ChildProcess child = ChildProcess.start(FEW, ManyServices.class)) {
            assertEquals("400 services", child.readLine());
            assertEquals(0, child.waitFor());
        }
    }

    /** Opens and closes a service again and again, without a collection in between. */
    static final class ManyServices {
        private ManyServices() {}

        public static void main(String[] arguments) throws Exception {
            String name = "services." + ProcessHandle.current().pid();
            for (int i = 0; i < 400; i++) {
                try (ReceiveRight service = Bootstrap.checkIn(name);
                        SendRight right = Bootstrap.lookUp(name, Duration.ofSeconds(60))) {
                    OutgoingMessage.builder().id(i).build().sendTo(right);
                    assertEquals(i, receive(service));
                }
            }
            System.out.println("400 services");
        }

        private static int receive(ReceiveRight service) throws Exception {
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(service)) {
                return message.id();
            }
        }
    }

    /** Takes all descriptors but some away and tries what needs them. */
    static final class Starving {
        private final ArrayDeque<Integer> hoard = new ArrayDeque<>();

        private Starving() {}

        public static void main(String[] arguments) throws Exception {
            new Starving().run();
        }

        private interface Action {
            void run() throws Exception;
        }

        private void run() throws Exception {
            String name = "shortage." + ProcessHandle.current().pid();
            ReceiveRight port = Bootstrap.checkIn(name);
            Action newPort = () -> Task.self().allocatePort().close();
            List<Action> others = List.of(
                    () -> port.makeSendOnce().close(),
                    () -> Bootstrap.lookUp(name, Duration.ofSeconds(60)).close(),
                    () -> Bootstrap.checkIn(name + "x").close());
            warmUp(name, port);
            ReceiveRight spare = Task.self().allocatePort();
            attempt(newPort);
            others.forEach(this::attempt);
            takeId(port); // tells of the send-once right that was not used
            SendRight right = port.makeSend();
            OutgoingMessage.builder()
                    .copy(right)
                    .makeSendOnce(port)
                    .makeSendOnce(port)
                    .makeSendOnce(port)
                    .build()
                    .sendTo(right);

            for (int free = 0; free < 4; free++) {
                System.out.println(attemptWith(free, newPort));
            }
            for (Action action : others) {
                System.out.println(attemptWith(0, action));
            }
            // One message's rights find no room; the next message has none; the rights that are lost are told of.
            OutgoingMessage.builder().id(7).build().sendTo(right);
            System.out.println("message destroyed, then " + takeId(port));
            System.out.println("told of " + takeId(port) + " " + takeId(port) + " " + takeId(port));
            // A thread that never waited finds no descriptor to be woken by.
            Thread[] thread = new Thread[1];
            CompletableFuture<String> receiving = receiveInThread(port, thread);
            awaitPoll(thread[0]);
            OutgoingMessage.builder().id(8).build().sendTo(right);
            System.out.println("thread " + receiving.get());
            receiving = receiveInThread(spare, thread);
            awaitPoll(thread[0]);
            spare.close();
            System.out.println("thread " + receiving.get());
            hoardAll();
            receiving = receiveInThread(port, thread);
            awaitPoll(thread[0]);
            thread[0].interrupt();
            System.out.println("thread " + receiving.get());

            release(hoard.size());
            warmUp(name, port);
            System.out.println("works");
        }

        private static int takeId(ReceiveRight port) throws Exception {
            try (ReceivedMessage next = ReceivedMessage.receiveFrom(port)) {
                return next.id();
            }
        }

        private static CompletableFuture<String> receiveInThread(ReceiveRight port, Thread[] thread) throws Exception {
            CompletableFuture<String> done = new CompletableFuture<>();
            thread[0] = new Thread(() -> {
                try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                    done.complete("received " + message.id());
                } catch (MachException | InterruptedException e) {
                    done.complete("ended by " + e.getClass().getSimpleName());
                } catch (RuntimeException | Error e) {
                    done.completeExceptionally(e);
                }
            });
            thread[0].start();
            return done;
        }

        /** Waits until a thread sleeps in a system call. */
        private static void awaitPoll(Thread thread) throws InterruptedException {
            while (Arrays.stream(thread.getStackTrace())
                    .noneMatch(frame ->
                            frame.isNativeMethod() && frame.getMethodName().equals("poll"))) {
                Thread.sleep(5);
            }
        }

        /** Does once what is tried later, so that no class needs a descriptor to be loaded by. */
        private void warmUp(String name, ReceiveRight port) throws Exception {
            loadClasses();
            try (ReceiveRight other = Task.self().allocatePort();
                    SendRight right = Bootstrap.lookUp(name, Duration.ofSeconds(60))) {
                OutgoingMessage.builder()
                        .makeSend(other)
                        .makeSendOnce(other)
                        .build()
                        .sendTo(right);
                Optional<ReceivedMessage> message = ReceivedMessage.tryReceiveFrom(port, Duration.ofSeconds(1));
                message.orElseThrow().close();
                ReceivedMessage.tryReceiveFrom(port, Duration.ofMillis(1));
            }
            attempt(() -> Bootstrap.checkIn(name));
            try (ReceiveRight closed = Task.self().allocatePort()) {
                Thread[] thread = new Thread[1];
                CompletableFuture<String> receiving = receiveInThread(closed, thread);
                thread[0].interrupt();
                receiving.get();
                receiving = receiveInThread(closed, thread);
                awaitPoll(thread[0]);
                closed.close();
                receiving.get();
            }
        }

        private static void loadClasses() throws Exception {
            Path root = Path.of(LibC.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path linux = root.resolve("io/machframe/core/platform/linux");
            if (Files.isDirectory(linux)) {
                try (Stream<Path> files = Files.walk(linux)) {
                    for (Path file : files.filter(each -> each.toString().endsWith(".class"))
                            .toList()) {
                        String path = root.relativize(file).toString();
                        String name = path.substring(0, path.length() - ".class".length());
                        if (!name.endsWith("package-info")) {
                            Class.forName(name.replace('/', '.'));
                        }
                    }
                }
            }
        }

        /** Tries again if another thread gave or took a descriptor in between; what an action loses it loses each time. */
        private String attemptWith(int free, Action action) throws InterruptedException {
            String result = "";
            for (int tries = 0; tries < 10 && !result.equals("KERN_NO_SPACE 0"); tries++) {
                hoardAll();
                release(free);
                result = attempt(action);
            }
            return result;
        }

        /** Returns how an action ends and how many more descriptors there are then. */
        private String attempt(Action action) {
            long before = count();
            try {
                action.run();
                return "done " + (count() - before);
            } catch (MachException e) {
                return e.reason().name() + " " + (count() - before);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private long count() {
            int open = 0;
            for (int fd = 0; fd < 96; fd++) {
                open += LibC.fcntl(fd, LibC.F_GETFL, 0) >= 0 ? 1 : 0;
            }
            return open;
        }

        /**
         * Takes also those that another thread is about to give back, such as the one that answers look-ups, and those
         * that threads left which ended: they come back when the collector runs, which may be at any time.
         */
        private void hoardAll() throws InterruptedException {
            System.gc();
            while (hoardFree()) {
                System.gc();
                Thread.sleep(50);
            }
        }

        private boolean hoardFree() {
            int fd = open();
            boolean any = fd >= 0;
            for (; fd >= 0; fd = open()) {
                hoard.push(fd);
            }
            return any;
        }

        private static int open() {
            return LibC.open("/dev/null", LibC.O_RDONLY | LibC.O_CLOEXEC, 0);
        }

        private void release(int count) {
            for (int i = 0; i < count; i++) {
                LibC.close(hoard.pop());
            }
        }
    }

    /** Lets one thread after the other receive, each of which takes a descriptor to be woken by. */
    static final class ManyThreads {
        private ManyThreads() {}

        public static void main(String[] arguments) throws Exception {
            int received = 0;
            try (ReceiveRight port = Task.self().allocatePort()) {
                for (int i = 0; i < 1000; i++) {
                    CompletableFuture<Boolean> done = new CompletableFuture<>();
                    Thread thread = new Thread(() -> {
                        try {
                            done.complete(ReceivedMessage.tryReceiveFrom(port, Duration.ofMillis(1))
                                    .isEmpty());
                        } catch (Exception e) {
                            done.completeExceptionally(e);
                        }
                    });
                    thread.start();
                    received += done.get() ? 1 : 0;
                    thread.join();
                }
            }
            System.out.println(received + " threads received");
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.MachException;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.format.PixelFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Issue 15, B7: a process that runs out of memory, stack or threads at any step of what it does with streams. What it tried
 * fails with an error or works, its name is free and not listed after that, and streams that were there before go on, on all
 * of the library's threads. A descriptor may be left where an Error comes between two steps.
 */
@Timeout(600)
@RequiresCapability(TestCapability.LINUX)
class ShortageProcessTest {
    private static final FrameFormat FORMAT = FrameFormat.of(16, 16, PixelFormat.BGRA);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int WARM_UP = 3;

    /** Of so many allocations one fails; 1 tries each. */
    private static final int STRIDE = Integer.getInteger("machframe.faults.stride", 61);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(AllocationFaults.Threads.class)
    void anErrorWhereverTheLibraryMakesAnObjectEndsNoMoreThanTheCall(AllocationFaults.Threads threads)
            throws Exception {
        Path agent = folder.resolve("agent.jar");
        AllocationFaults.writeAgent(agent);
        run(List.of(), List.of("-javaagent:" + agent), threads.name(), Integer.toString(STRIDE));
    }

    @Test
    @RequiresCapability({TestCapability.LINUX, TestCapability.PRLIMIT})
    void whatNeedsAThreadThatCannotBeFails() throws Exception {
        // Each thread takes addresses for its stack.
        run(List.of("prlimit", "--as=" + (4L << 30)), List.of("-Xlog:disable"), "THREADS", "1");
    }

    private static void run(List<String> prefix, List<String> options, String... arguments) throws Exception {
        ProcessBuilder builder = ChildProcess.builder(Victim.class, arguments);
        List<String> command = builder.command();
        command.addAll(command.indexOf("-cp"), options);
        command.addAll(0, prefix);
        try (ChildProcess child = ChildProcess.of(builder.start())) {
            assertEquals("lives on", child.readLine());
            assertEquals(0, child.waitFor());
        }
    }

    /** Runs out of something again and again. */
    static final class Victim {
        private static final String NAME = "victim-" + ProcessHandle.current().pid();
        private static final int THREADLESS_ROUNDS = 3;

        private Victim() {}

        public static void main(String[] arguments) throws Exception {
            try (FrameServer witness = FrameServer.open(NAME + "-witness", FORMAT)) {
                for (int i = 0; i < WARM_UP; i++) {
                    publishAndReceive(NAME);
                    witness(witness);
                }
                int failures = arguments[0].equals("THREADS")
                        ? withoutThreads(witness)
                        : withErrors(
                                AllocationFaults.Threads.valueOf(arguments[0]),
                                Integer.parseInt(arguments[1]),
                                witness);
                if (failures == 0) {
                    System.out.println("nothing failed");
                }
            }
            System.out.println("lives on");
            System.exit(0);
        }

        private static int withErrors(AllocationFaults.Threads threads, int stride, FrameServer witness)
                throws Exception {
            int failures = 0;
            boolean met = true;
            for (int step = 0; met; step += stride) {
                Error error =
                        step / stride % 2 == 0 ? new OutOfMemoryError("injected") : new StackOverflowError("injected");
                AllocationFaults.arm(threads, step, error);
                String name = NAME + "-" + step;
                try {
                    publishAndReceive(name);
                } catch (MachException | Error | RuntimeException told) {
                    failures++;
                }
                met = AllocationFaults.disarm();
                requireAlive(name, error, witness);
            }
            return failures;
        }

        private static int withoutThreads(FrameServer witness) throws Exception {
            int failures = 0;
            for (int round = 0; round < THREADLESS_ROUNDS; round++) {
                List<Thread> sleepers = new ArrayList<>();
                for (long stack = 1 << 30; stack > 1 << 16; stack /= 2) {
                    sleep(sleepers, stack);
                }
                try {
                    publishAndReceive(NAME);
                } catch (MachException | OutOfMemoryError told) {
                    failures++;
                }
                for (Thread sleeper : sleepers) {
                    sleeper.interrupt();
                    sleeper.join();
                }
                requireAlive(NAME, null, witness);
            }
            return failures;
        }

        /** Starts threads until no more can be started. */
        private static void sleep(List<Thread> sleepers, long stack) {
            try {
                while (true) {
                    Thread sleeper = new Thread(null, LockSupport::park, "sleeper", stack);
                    sleeper.start();
                    sleepers.add(sleeper);
                }
            } catch (OutOfMemoryError noMore) {
                // as many as there can be
            }
        }

        /** The name is free and not listed, and all of the library's threads go on. */
        private static void requireAlive(String name, @Nullable Error met, FrameServer witness) throws Exception {
            try {
                boolean listed = StreamDirectory.list().stream()
                        .anyMatch(stream -> stream.name().equals(name));
                if (listed) {
                    throw new IllegalStateException("it is still listed");
                }
                publishAndReceive(name);
                witness(witness);
            } catch (MachException | RuntimeException e) {
                System.out.println(name + ": " + e);
                if (met != null) {
                    met.printStackTrace();
                }
            }
        }

        private static void publishAndReceive(String name) throws Exception {
            try (FrameServer server = FrameServer.open(name, FORMAT);
                    FrameClient client = connect(name)) {
                exchange(server, client);
            }
        }

        private static void witness(FrameServer witness) throws Exception {
            try (FrameClient client = connect(witness.name())) {
                exchange(witness, client);
            }
        }

        private static FrameClient connect(String name) throws Exception {
            return FrameClient.builder(name).timeout(PATIENCE).connect();
        }

        private static void exchange(FrameServer server, FrameClient client) throws Exception {
            try (FrameDraft draft = server.acquire()) {
                draft.publish();
            }
            Frame frame = client.tryReceive(PATIENCE);
            if (frame == null) {
                throw new IllegalStateException("no frame, end: " + client.end());
            }
            frame.close();
        }
    }
}

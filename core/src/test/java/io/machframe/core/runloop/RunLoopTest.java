/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.InterruptedCallException;
import io.machframe.core.testing.LogCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Runs: whose they are, how they end, how they nest, and what wakes them. */
final class RunLoopTest extends RunLoopFixture {
    @Test
    void everyThreadHasItsOwnLoop() throws Exception {
        assertSame(loop, RunLoop.current());
        RunLoop other = CompletableFuture.supplyAsync(RunLoop::current).get();
        assertFalse(loop == other);
        assertThrows(IllegalStateException.class, () -> other.runInMode(MODE, SHORT, false));
    }

    @Test
    void theMainLoopIsThatOfTheMainThread() throws Exception {
        assertEquals("main", Thread.currentThread().getName()); // as Surefire has it
        assertSame(RunLoop.main(), RunLoop.current());
        assertSame(RunLoop.main(), CompletableFuture.supplyAsync(RunLoop::main).get());
    }

    @Test
    void aThreadThatIsOnlyCalledMainHasALoopOfItsOwn() throws Exception {
        assertSame(RunLoop.main(), RunLoop.current());
        CompletableFuture<RunLoop> loop = new CompletableFuture<>();
        new Thread(() -> loop.complete(RunLoop.current()), "main").start();
        assertNotSame(RunLoop.main(), loop.get());
    }

    @Test
    void r4_aRunSaysWhyItEnded() throws Exception {
        assertEquals(RunResult.FINISHED, run(LONG), "nothing in the mode");
        try (Inbox inbox = new Inbox()) {
            assertEquals(RunResult.TIMED_OUT, run(SHORT));
            loop.perform(MODE, loop::stop);
            assertEquals(RunResult.STOPPED, run(LONG));
            inbox.send(1);
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
            inbox.source.invalidate();
            assertEquals(RunResult.FINISHED, run(LONG));
        }
        assertEquals(
                List.of(1, 2, 3, 4),
                List.of(RunResult.values()).stream().map(RunResult::code).toList());
    }

    @Test
    void anIdleLoopMakesNoPass() throws Exception {
        try (Inbox inbox = new Inbox()) {
            RunLoopObserver observer =
                    RunLoopObserver.of(Set.of(Activity.BEFORE_TIMERS), (self, activity) -> seen.add(activity));
            loop.add(observer, MODE);
            assertEquals(RunResult.TIMED_OUT, run(Duration.ofMillis(300)));
            assertEquals(1, seen.size());
            observer.invalidate();
        }
    }

    @Test
    void whatIsInTheCommonModesIsInEachOfThem() throws Exception {
        RunLoopMode late = new RunLoopMode("late");
        SignalSource source = SignalSource.of(() -> seen.add(1));
        loop.add(source, RunLoopMode.COMMON);
        assertTrue(loop.contains(source, RunLoopMode.COMMON));
        assertTrue(loop.contains(source, RunLoopMode.DEFAULT));
        assertFalse(loop.contains(source, late));
        loop.addCommonMode(late);
        assertTrue(loop.contains(source, late));
        source.signal();
        assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(late, LONG, true));
        loop.remove(source, RunLoopMode.COMMON);
        assertFalse(loop.contains(source, late));
        assertTrue(loop.modes().contains(late));
        assertThrows(IllegalArgumentException.class, () -> loop.runInMode(RunLoopMode.COMMON, LONG, false));
        assertThrows(IllegalArgumentException.class, () -> loop.addCommonMode(RunLoopMode.COMMON));
    }

    @Test
    void whatIsInOneModeDoesNothingInAnother() throws Exception {
        try (Inbox inbox = new Inbox()) {
            SignalSource source = SignalSource.of(() -> seen.add("other"));
            loop.add(source, OTHER);
            inbox.send(1);
            assertEquals(RunResult.TIMED_OUT, loop.runInMode(OTHER, SHORT, false));
            assertEquals(List.of(), seen);
            source.invalidate();
        }
    }

    @Test
    void actionsArePerformedInTheirOrderInTheirModes() throws Exception {
        loop.addCommonMode(MODE);
        loop.perform(MODE, () -> {
            seen.add(1);
            loop.perform(MODE, () -> seen.add("next pass"));
        });
        loop.perform(OTHER, () -> seen.add("other"));
        loop.perform(RunLoopMode.COMMON, () -> seen.add(2));
        loop.perform(List.of(OTHER, MODE), () -> seen.add(3));
        run(Duration.ZERO);
        assertEquals(List.of(1, 2, 3, "next pass"), seen);
        loop.runInMode(OTHER, Duration.ZERO, false);
        assertEquals("other", seen.get(4));
        assertEquals(5, seen.size());
    }

    @Test
    void theExecutorOfALoopRunsOnItsThread() throws Exception {
        SignalSource staying = SignalSource.of(() -> {});
        loop.add(staying, RunLoopMode.DEFAULT);
        CompletableFuture<Void> other = whenAsleep(loop, () -> loop.executor().execute(() -> {
            seen.add(Thread.currentThread());
            loop.stop();
        }));
        loop.run();
        other.get();
        assertEquals(List.of(Thread.currentThread()), seen);
        staying.invalidate();
    }

    @Test
    void aStopFromAnotherThreadEndsARunThatSleeps() throws Exception {
        try (Inbox inbox = new Inbox()) {
            for (int i = 0; i < 50; i++) {
                CompletableFuture<Void> other = whenAsleep(loop, loop::stop);
                assertEquals(RunResult.STOPPED, run(LONG));
                other.get();
                assertFalse(loop.isWaiting());
            }
        }
    }

    @Test
    void aWakeUpIsOnePassAndNoMore() throws Exception {
        try (Inbox inbox = new Inbox()) {
            RunLoopObserver observer =
                    RunLoopObserver.of(Set.of(Activity.BEFORE_TIMERS), (self, activity) -> seen.add(activity));
            loop.add(observer, MODE);
            CompletableFuture<Void> other = whenAsleep(loop, () -> {
                loop.wakeUp();
                while (seen.size() < 2 || !loop.isWaiting()) {
                    Thread.onSpinWait();
                }
                loop.stop();
            });
            assertEquals(RunResult.STOPPED, run(LONG));
            other.get();
            assertEquals(2, seen.size());
            observer.invalidate();
        }
    }

    @Test
    void noWakeUpIsLostHoweverItFalls() throws Exception {
        AtomicInteger performed = new AtomicInteger();
        SignalSource staying = SignalSource.of(() -> {});
        loop.add(staying, RunLoopMode.DEFAULT);
        int rounds = 5_000;
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            for (int i = 1; i <= rounds; i++) {
                loop.executor().execute(performed::incrementAndGet);
                while (performed.get() < i) {
                    Thread.onSpinWait();
                }
            }
            loop.executor().execute(loop::stop);
        });
        loop.run();
        other.get();
        assertEquals(rounds, performed.get());
        staying.invalidate();
    }

    @Test
    void runsNestAndAStopEndsTheInnermost() throws Exception {
        try (Inbox inbox = new Inbox()) {
            loop.perform(MODE, () -> {
                assertEquals(Optional.of(MODE), loop.currentMode());
                loop.perform(OTHER, () -> {
                    assertEquals(Optional.of(OTHER), loop.currentMode());
                    loop.stop();
                });
                loop.perform(OTHER, () -> {});
                assertDoesNotThrow(() -> {
                    SignalSource staying = SignalSource.of(() -> {});
                    loop.add(staying, OTHER);
                    seen.add(loop.runInMode(OTHER, LONG, false));
                    staying.invalidate();
                });
            });
            assertEquals(RunResult.TIMED_OUT, run(SHORT));
            assertEquals(List.of(RunResult.STOPPED), seen);
            assertEquals(Optional.empty(), loop.currentMode());
        }
    }

    @Test
    void aStopBeforeARunIsForNothing() throws Exception {
        try (Inbox inbox = new Inbox()) {
            loop.stop();
            assertEquals(RunResult.TIMED_OUT, run(SHORT));
        }
    }

    @Test
    void aCallbackThatThrowsIsLoggedAndTheLoopGoesOn() throws Exception {
        try (Inbox inbox = new Inbox();
                LogCapture log = new LogCapture(RunLoop.class)) {
            RuntimeException failure = new IllegalStateException("thrown by a test");
            loop.perform(MODE, () -> {
                throw failure;
            });
            loop.add(
                    RunLoopTimer.after(Duration.ZERO, self -> {
                        throw failure;
                    }),
                    MODE);
            SignalSource source = SignalSource.of(() -> {
                throw failure;
            });
            loop.add(source, MODE);
            source.signal();
            inbox.send(1);
            run(SHORT);
            assertEquals(List.of(1), seen);
            assertEquals(3, log.messages().size());
            source.invalidate();
        }
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        try (Inbox inbox = new Inbox()) {
            Thread self = Thread.currentThread();
            CompletableFuture<Void> other = whenAsleep(loop, self::interrupt);
            assertThrows(InterruptedCallException.class, () -> run(LONG));
            other.join();
            assertTrue(Thread.interrupted());
            inbox.send(1);
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
        }
    }

    @Test
    void loopsOfManyThreadsLeaveNothingBehind() throws Exception {
        List<Thread> threads = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            Thread thread = new Thread(() -> assertDoesNotThrow(() -> {
                RunLoop own = RunLoop.current();
                own.add(RunLoopTimer.after(Duration.ofMillis(1), self -> done.countDown()), MODE);
                own.runInMode(MODE, LONG, false);
            }));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, done.getCount());
    }
}

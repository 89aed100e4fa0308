/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Timers: when they fire, and what they can change in their callback. */
final class RunLoopTimerTest extends RunLoopFixture {
    private static void sleep(long millis) {
        assertDoesNotThrow(() -> TimeUnit.MILLISECONDS.sleep(millis));
    }

    @Test
    void aTimerFiresOnceAndNeverEarly() throws Exception {
        long start = System.nanoTime();
        RunLoopTimer timer = RunLoopTimer.after(Duration.ofMillis(30), self -> {
            seen.add(System.nanoTime() - start);
            seen.add(self.isValid());
        });
        loop.add(timer, MODE);
        assertEquals(Optional.of(timer.nextFireDate()), loop.nextTimerFireDate(MODE));
        assertEquals(RunResult.FINISHED, run(LONG));
        assertTrue((long) seen.get(0) >= 30_000_000, "fired after " + seen.get(0) + " ns");
        assertEquals(true, seen.get(1), "it is valid in its callback");
        assertEquals(2, seen.size());
        assertFalse(timer.isValid());
        assertFalse(timer.repeats());
        assertEquals(Optional.empty(), loop.nextTimerFireDate(MODE));
    }

    @Test
    void timersFireInTheOrderOfTheirTimes() throws Exception {
        Instant soon =
                Instant.now().plusSeconds(2); // what is in the past when it is made is due in the order of its making
        for (int delay : new int[] {9, 3, 6}) {
            loop.add(RunLoopTimer.of(soon.plusMillis(delay), Duration.ZERO, -delay, self -> seen.add(delay)), MODE);
        }
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(List.of(3, 6, 9), seen);
    }

    @Test
    void aRepeatingTimerKeepsToItsTimesAndLeavesOutThoseItMissed() throws Exception {
        Duration interval = Duration.ofMillis(10);
        Instant first =
                Instant.now().plusSeconds(2); // not in the past when the timer is made: it would count from then
        RunLoopTimer timer = RunLoopTimer.of(first, interval, 0, self -> {
            seen.add(self.nextFireDate());
            if (seen.size() == 1) {
                sleep(45);
            } else if (seen.size() == 4) {
                self.invalidate();
            }
        });
        loop.add(timer, MODE);
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(first, seen.get(0));
        for (Object each : seen) {
            assertEquals(0, Duration.between(first, (Instant) each).toNanos() % interval.toNanos());
        }
        long missed = Duration.between(first, (Instant) seen.get(1)).dividedBy(interval);
        assertTrue(missed >= 5, "after 45 ms in a callback the next time was " + missed + " intervals on");
    }

    @Test
    void aTimerCanBeInvalidatedInItsCallback() throws Exception {
        RunLoopTimer timer = RunLoopTimer.every(Duration.ofMillis(1), self -> {
            seen.add(1);
            self.invalidate();
        });
        loop.add(timer, MODE);
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(1, seen.size());
    }

    @Test
    void aTimerIsNotFiredWithinItsOwnCallback() throws Exception {
        RunLoopTimer timer = RunLoopTimer.every(Duration.ofMillis(1), self -> {
            seen.add("in");
            assertDoesNotThrow(() -> assertEquals(RunResult.TIMED_OUT, run(SHORT)));
            seen.add("out");
            if (seen.size() == 4) {
                self.invalidate();
            }
        });
        loop.add(timer, MODE);
        loop.add(timer, OTHER);
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(List.of("in", "out", "in", "out"), seen);
    }

    @Test
    void theNextFiringCanBeMovedFromWithinTheCallback() throws Exception {
        Instant moved = Instant.now().plusMillis(60);
        RunLoopTimer timer = RunLoopTimer.every(Duration.ofMillis(5), self -> {
            seen.add(self.nextFireDate());
            if (seen.size() == 1) {
                self.setNextFireDate(moved);
            } else {
                self.invalidate();
            }
        });
        loop.add(timer, MODE);
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(moved, seen.get(1));
    }

    @Test
    void movingATimerFromAnotherThreadWakesTheLoop() throws Exception {
        RunLoopTimer timer = RunLoopTimer.after(Duration.ofDays(100), self -> seen.add(1));
        loop.add(timer, MODE);
        CompletableFuture<Void> other = whenAsleep(loop, () -> timer.setNextFireDate(Instant.now()));
        assertEquals(RunResult.FINISHED, run(LONG));
        other.get();
        assertEquals(List.of(1), seen);
    }

    @Test
    void aTimerAddedByAnotherThreadWakesTheLoop() throws Exception {
        try (Inbox inbox = new Inbox()) {
            CompletableFuture<Void> other =
                    whenAsleep(loop, () -> loop.add(RunLoopTimer.after(Duration.ZERO, self -> loop.stop()), MODE));
            assertEquals(RunResult.STOPPED, run(LONG));
            other.get();
        }
    }

    @Test
    void timersWithToleranceShareAWakeUp() throws Exception {
        Instant now = Instant.now();
        RunLoopTimer tolerant = RunLoopTimer.of(now.plusMillis(30), Duration.ZERO, 0, self -> seen.add("tolerant"));
        tolerant.setTolerance(Duration.ofSeconds(20));
        RunLoopTimer exact = RunLoopTimer.of(now.plusMillis(60), Duration.ZERO, 0, self -> seen.add("exact"));
        RunLoopObserver observer =
                RunLoopObserver.of(Set.of(Activity.AFTER_WAITING), (self, activity) -> seen.add("awake"));
        for (RunLoopItem item : List.of(tolerant, exact, observer)) {
            loop.add(item, MODE);
        }
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(List.of("awake", "tolerant", "exact"), seen);
        observer.invalidate();
    }

    @Test
    void aToleranceIsAtMostHalfTheInterval() {
        RunLoopTimer timer = RunLoopTimer.every(Duration.ofMillis(10), self -> {});
        timer.setTolerance(Duration.ofMillis(8));
        assertEquals(Duration.ofMillis(5), timer.tolerance());
        timer.setTolerance(Duration.ofMillis(-8));
        assertEquals(Duration.ZERO, timer.tolerance());
        timer.setTolerance(Duration.ofSeconds(Long.MAX_VALUE));
        assertEquals(Duration.ofMillis(5), timer.tolerance());
        assertEquals(Duration.ofMillis(10), timer.interval());
        assertThrows(IllegalArgumentException.class, () -> RunLoopTimer.every(Duration.ZERO, self -> {}));
        assertThrows(IllegalArgumentException.class, () -> RunLoopTimer.every(Duration.ofMillis(-1), self -> {}));
    }

    @Test
    void aTimerBelongsToOneLoop() throws Exception {
        RunLoopTimer timer = RunLoopTimer.after(LONG, self -> {});
        loop.add(timer, MODE);
        RunLoop other = CompletableFuture.supplyAsync(RunLoop::current).get();
        assertThrows(IllegalStateException.class, () -> other.add(timer, MODE));
        loop.remove(timer, MODE);
        other.add(timer, MODE);
        timer.invalidate();
        other.add(timer, MODE);
        assertFalse(other.contains(timer, MODE), "what is not valid is not added");
    }
}

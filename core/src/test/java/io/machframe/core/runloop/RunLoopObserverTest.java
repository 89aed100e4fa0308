/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Observers: their order, and how often they are notified. */
final class RunLoopObserverTest extends RunLoopFixture {
    @Test
    void observersAreNotifiedOfEachActivityInOrder() throws Exception {
        try (Inbox inbox = new Inbox()) {
            RunLoopObserver observer =
                    RunLoopObserver.of(EnumSet.allOf(Activity.class), (self, activity) -> seen.add(activity));
            loop.add(observer, MODE);
            CompletableFuture<Void> sender = whenAsleep(loop, () -> inbox.send(5));
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
            sender.get();
            observer.invalidate();
        }
        assertEquals(
                List.of(
                        Activity.ENTRY,
                        Activity.BEFORE_TIMERS,
                        Activity.BEFORE_SOURCES,
                        Activity.BEFORE_WAITING,
                        Activity.AFTER_WAITING,
                        5,
                        Activity.EXIT),
                seen);
        assertEquals(
                List.of(1, 2, 4, 32, 64, 128),
                List.of(Activity.values()).stream().map(Activity::bit).toList());
    }

    @Test
    void observersAreNotifiedInTheOrderOfTheirNumbersAndAge() throws Exception {
        List<RunLoopObserver> observers = new ArrayList<>();
        long[] orders = {3, -1, 3, 0};
        for (int i = 0; i < orders.length; i++) {
            int which = i;
            observers.add(
                    RunLoopObserver.of(Set.of(Activity.ENTRY), true, orders[i], (self, activity) -> seen.add(which)));
        }
        Collections.reverse(observers);
        for (RunLoopObserver observer : observers) {
            loop.add(observer, MODE);
        }
        loop.perform(MODE, () -> {});
        run(Duration.ZERO);
        assertEquals(List.of(1, 3, 0, 2), seen);
        observers.forEach(RunLoopItem::invalidate);
    }

    @Test
    void anObserverThatDoesNotRepeatIsNotifiedOnceAndInvalidAfterwards() throws Exception {
        RunLoopObserver once = RunLoopObserver.of(Set.of(Activity.ENTRY), false, 0, (self, activity) -> {
            seen.add(self.isValid());
        });
        loop.add(once, MODE);
        for (int i = 0; i < 3; i++) {
            loop.perform(MODE, () -> {});
            run(Duration.ZERO);
        }
        assertEquals(List.of(true), seen);
        assertFalse(once.isValid());
        assertThrows(IllegalArgumentException.class, () -> RunLoopObserver.of(Set.of(), (self, activity) -> {}));
    }

    @Test
    void anObserverThatIsRemovedByAnEarlierOneIsNotifiedForTheLastTime() throws Exception {
        RunLoopObserver second = RunLoopObserver.of(Set.of(Activity.ENTRY), true, 2, (self, activity) -> seen.add(2));
        RunLoopObserver first = RunLoopObserver.of(Set.of(Activity.ENTRY), true, 1, (self, activity) -> {
            loop.remove(second, MODE);
        });
        loop.add(first, MODE);
        loop.add(second, MODE);
        for (int i = 0; i < 2; i++) {
            loop.perform(MODE, () -> {});
            run(Duration.ZERO);
        }
        assertEquals(List.of(2), seen);
        assertTrue(second.isValid());
        first.invalidate();
    }

    @Test
    void anObserverThatIsInvalidatedByAnEarlierOneIsNotNotified() throws Exception {
        RunLoopObserver second = RunLoopObserver.of(Set.of(Activity.ENTRY), true, 2, (self, activity) -> seen.add(2));
        RunLoopObserver first =
                RunLoopObserver.of(Set.of(Activity.ENTRY), true, 1, (self, activity) -> second.invalidate());
        loop.add(first, MODE);
        loop.add(second, MODE);
        loop.perform(MODE, () -> {});
        run(Duration.ZERO);
        assertEquals(List.of(), seen);
        first.invalidate();
    }
}

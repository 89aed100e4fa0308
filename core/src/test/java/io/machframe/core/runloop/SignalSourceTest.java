/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sources that the program signals. */
final class SignalSourceTest extends RunLoopFixture {
    @Test
    void aSignalledSourceIsPerformedOnceInTheNextPass() throws Exception {
        SignalSource source = SignalSource.of(() -> seen.add("performed"));
        loop.add(source, MODE);
        source.signal();
        source.signal();
        assertTrue(source.isSignalled());
        assertEquals(RunResult.TIMED_OUT, run(Duration.ZERO));
        assertFalse(source.isSignalled());
        assertEquals(RunResult.TIMED_OUT, run(Duration.ZERO));
        assertEquals(List.of("performed"), seen);
        source.invalidate();
    }

    @Test
    void signalledSourcesArePerformedInTheOrderOfTheirNumbers() throws Exception {
        List<SignalSource> sources = new ArrayList<>();
        for (int order : new int[] {2, -7, 2, 0}) {
            sources.add(SignalSource.of(order, () -> seen.add(order)));
        }
        Collections.reverse(sources);
        for (SignalSource source : sources) {
            loop.add(source, MODE);
            source.signal();
        }
        run(Duration.ZERO);
        assertEquals(List.of(-7, 0, 2, 2), seen);
        sources.forEach(RunLoopItem::invalidate);
    }

    @Test
    void aRunUntilASourceIsHandledPerformsOneSignalledSource() throws Exception {
        SignalSource first = SignalSource.of(1, () -> seen.add(1));
        SignalSource second = SignalSource.of(2, () -> seen.add(2));
        for (SignalSource source : List.of(first, second)) {
            loop.add(source, MODE);
            source.signal();
        }
        assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
        assertEquals(List.of(1), seen);
        assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
        assertEquals(List.of(1, 2), seen);
        first.invalidate();
        second.invalidate();
    }

    @Test
    void aSourceThatWasSignalledBeforeItWasAddedIsPerformed() throws Exception {
        SignalSource source = SignalSource.of(() -> seen.add(1));
        source.signal();
        loop.add(source, MODE);
        run(Duration.ZERO);
        assertEquals(List.of(1), seen);
        source.invalidate();
        source.signal();
        assertFalse(source.isSignalled());
    }

    @Test
    void aSignalFromAnotherThreadNeedsAWakeUp() throws Exception {
        SignalSource source = SignalSource.of(() -> seen.add(1));
        loop.add(source, MODE);
        CompletableFuture<Void> other = whenAsleep(loop, () -> {
            source.signal();
            loop.wakeUp();
        });
        assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
        other.get();
        assertEquals(List.of(1), seen);
        source.invalidate();
    }

    @Test
    void aSignalSourceIsNotifiedWhereItIsAddedAndRemoved() throws Exception {
        loop.addCommonMode(OTHER);
        SignalSource source = SignalSource.of(0, new SignalSource.Handler() {
            @Override
            public void perform() {}

            @Override
            public void scheduled(RunLoop in, RunLoopMode mode) {
                seen.add("scheduled " + mode + " " + (in == loop));
            }

            @Override
            public void cancelled(RunLoop in, RunLoopMode mode) {
                seen.add("cancelled " + mode + " " + (in == loop));
            }
        });
        loop.add(source, MODE);
        loop.add(source, MODE);
        loop.remove(source, MODE);
        loop.add(source, RunLoopMode.COMMON);
        source.invalidate();
        assertEquals(List.of("scheduled test true", "cancelled test true"), seen.subList(0, 2));
        for (String mode : List.of("kCFRunLoopDefaultMode", "other")) {
            int scheduled = seen.indexOf("scheduled " + mode + " true");
            assertTrue(scheduled > 1 && scheduled < seen.indexOf("cancelled " + mode + " true"), seen.toString());
        }
    }
}

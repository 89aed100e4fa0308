/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FrameMeterTest {
    private static final long SECOND = 1_000_000_000L;

    private final FrameMeter meter = new FrameMeter();

    @Test
    void aSteadyStreamHasItsRate() {
        for (int i = 0; i <= 300; i++) {
            receive(i * SECOND / 60);
        }

        assertEquals(60, meter.rate(5 * SECOND), 0.01);
    }

    @Test
    void aStreamThatPausedForASecondHasNoRate() {
        receive(0);
        receive(SECOND / 10);

        assertEquals(0, meter.rate(2 * SECOND));
        assertEquals(0, meter.latencyNanos(2 * SECOND));
    }

    @Test
    void aVeryFastStreamIsMeasuredByItsNewestFrames() {
        for (int i = 0; i < 20_000; i++) {
            receive(i * SECOND / 10_000);
        }

        assertEquals(10_000, meter.rate(2 * SECOND), 0.01);
    }

    @Test
    void theHandOffIsTheMedianOfTheLastSecond() {
        meter.received(0, 9_000_000);
        meter.received(SECOND, SECOND + 30_000);
        meter.received(SECOND, SECOND + 70_000);
        meter.received(SECOND, SECOND + 5_000_000);

        assertEquals(70_000, meter.latencyNanos(2 * SECOND));
    }

    private void receive(long now) {
        meter.received(now - 1000, now);
    }
}

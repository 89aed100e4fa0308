/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FrameMeterTest {
    private static final long SECOND = 1_000_000_000L;
    private static final FakeFrame FRAME = FakeFrame.bgra(4, 2, (x, y) -> -1);

    private final FrameMeter meter = new FrameMeter();

    @Test
    void aSteadyStreamHasItsRate() {
        for (int i = 0; i <= 300; i++) {
            receive(i, i * SECOND / 60);
        }

        assertEquals(60, meter.status(5 * SECOND).framesPerSecond(), 0.01);
    }

    @Test
    void aStreamThatPausedForASecondHasNoRate() {
        receive(0, 0);
        receive(1, SECOND / 10);

        assertEquals(0, meter.status(2 * SECOND).framesPerSecond());
        assertEquals(0, meter.status(2 * SECOND).handOffNanos());
        assertEquals(2, meter.status(2 * SECOND).received());
    }

    @Test
    void aVeryFastStreamIsMeasuredByItsNewestFrames() {
        for (int i = 0; i < 20_000; i++) {
            receive(i, i * SECOND / 10_000);
        }

        assertEquals(10_000, meter.status(2 * SECOND).framesPerSecond(), 0.01);
    }

    @Test
    void theHandOffIsTheMedianOfTheLastSecond() {
        meter.received(FRAME.published(0, 0), 9_000_000);
        meter.received(FRAME.published(1, SECOND), SECOND + 30_000);
        meter.received(FRAME.published(2, SECOND), SECOND + 70_000);
        meter.received(FRAME.published(3, SECOND), SECOND + 5_000_000);

        assertEquals(70_000, meter.status(2 * SECOND).handOffNanos());
    }

    @Test
    void whatIsMissingInTheSequenceWasSkipped() {
        receive(17, 0);
        receive(18, 1);
        receive(21, 2);
        meter.skipped();

        assertEquals(3, meter.status(3).received());
        assertEquals(3, meter.status(3).skipped());
    }

    @Test
    void theStatusTellsTheLastFramesShape() {
        receive(0, 0);

        assertEquals(new StreamStatus(4, 2, "BGRA", 1, 1000, 1, 0), meter.status(1));
        assertEquals(new StreamStatus(4, 2, "BGRA", 0, 0, 1, 0), meter.status(1).stopped());
    }

    private void receive(long sequence, long now) {
        meter.received(FRAME.published(sequence, now - 1000), now);
    }
}

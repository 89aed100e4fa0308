/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class TimelineTest {
    private static final long SECOND = 1_000_000_000L;

    private final Timeline timeline = new Timeline();

    @Test
    void timesStartAtZeroWhereverTheFileDoes() {
        assertEquals(0, timeline.at(7 * SECOND, 10));
        assertEquals(10, timeline.at(7 * SECOND + 10, 10));
    }

    @Test
    void missingStampsFollowTheDurationBefore() {
        assertEquals(0, timeline.unstamped(40));
        assertEquals(40, timeline.unstamped(30));
        assertEquals(70, timeline.unstamped(30));
    }

    @Test
    void stampsAfterMissingOnesGoOnFromThere() {
        timeline.unstamped(40);
        assertEquals(40, timeline.at(SECOND, 40));
        assertEquals(80, timeline.at(SECOND + 40, 40));
    }

    @Test
    void uneventfulPausesAreKept() {
        timeline.at(0, 40);
        assertEquals(30 * SECOND, timeline.at(30 * SECOND, 40));
    }

    @Test
    void onlyARepeatedPictureMoves() {
        timeline.at(5, 40);
        assertEquals(20, timeline.at(5, 40));
        assertEquals(30, timeline.at(5, 40));
        assertEquals(40, timeline.at(45, 40));
        assertEquals(80, timeline.at(85, 40));
    }

    @Test
    void aStampThatWasRoundedDownMovesNobodyElse() {
        timeline.at(0, 40);
        timeline.at(40, 40);
        assertEquals(60, timeline.at(39, 40));
        assertEquals(80, timeline.at(80, 40));
    }

    @Test
    void aClockThatJumpsBackGoesOn() {
        timeline.at(100 * SECOND, 40);
        assertEquals(40, timeline.at(0, 40));
        assertEquals(90, timeline.at(50, 40));
    }

    @Test
    void aClockThatJumpsFarForwardGoesOn() {
        timeline.at(0, 40);
        assertEquals(40, timeline.at(3600 * SECOND, 40));
        assertEquals(80, timeline.at(3600 * SECOND + 40, 40));
    }

    @Test
    void aFileThatStartsAgainFollowsItself() {
        timeline.at(1000, 40);
        timeline.at(1040, 40);
        timeline.restart();
        assertEquals(80, timeline.at(1000, 40));
        assertEquals(120, timeline.at(1040, 40));
    }

    @Test
    void timesGrowEvenWithoutAnyDuration() {
        assertEquals(0, timeline.unstamped(0));
        assertEquals(1, timeline.unstamped(0));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.lifetime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.LogCapture;
import io.machframe.core.testing.ProcessResources;
import io.machframe.core.testing.Race;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HoldTest {
    private final AtomicInteger releases = new AtomicInteger();
    private final Object owner = new Object();

    private Hold hold() {
        return Hold.of(owner, "thing", releases::incrementAndGet);
    }

    @Test
    void closingReleasesOnce() {
        Hold hold = hold();
        hold.close();
        hold.close();
        assertEquals(1, releases.get());
        assertFalse(hold.isOpen());
        assertEquals(
                "thing is closed",
                assertThrows(IllegalStateException.class, hold::pin).getMessage());
        assertThrows(IllegalStateException.class, hold::requireOpen);
        assertThrows(IllegalStateException.class, hold::move);
    }

    @Test
    void movingReleasesNever() {
        Hold hold = hold();
        hold.move();
        hold.close();
        assertEquals(0, releases.get());
        assertEquals(
                "thing was moved away",
                assertThrows(IllegalStateException.class, hold::pin).getMessage());
        assertThrows(IllegalStateException.class, hold::move);
    }

    @Test
    void whatIsPinnedIsReleasedWithItsLastPin() {
        Hold hold = hold();
        hold.pin();
        hold.pin();
        hold.close();
        assertFalse(hold.isOpen());
        assertThrows(IllegalStateException.class, hold::pin);
        hold.unpin();
        assertEquals(0, releases.get());
        hold.unpin();
        assertEquals(1, releases.get());
        hold.close();
        assertEquals(1, releases.get());
    }

    @Test
    void whatIsPinnedCannotBeMoved() {
        Hold hold = hold();
        hold.pin();
        assertThrows(IllegalStateException.class, hold::move);
        assertTrue(hold.isOpen());
        hold.unpin();
        hold.move();
        assertEquals(0, releases.get());
    }

    /** F9 */
    @Test
    void threadsThatCloseAtOnceReleaseOnce() throws Exception {
        for (int round = 1; round <= 500; round++) {
            Hold hold = hold();
            Race.of(hold::close, hold::close);
            assertEquals(round, releases.get());
        }
    }

    @Test
    void aCloseThatRacesACallReleasesOnceAndNotDuringTheCall() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        for (int round = 1; round <= 500; round++) {
            AtomicInteger released = new AtomicInteger();
            Hold hold = Hold.of(owner, "thing", () -> {
                assertEquals(0, inside.get());
                released.incrementAndGet();
            });
            Race.of(hold::close, () -> {
                try {
                    hold.pin();
                } catch (IllegalStateException closed) {
                    return;
                }
                inside.incrementAndGet();
                inside.decrementAndGet();
                hold.unpin();
            });
            assertEquals(1, released.get());
        }
    }

    @Test
    void aCloseThatRacesAMoveIsOneOfTheTwo() throws Exception {
        int moves = 0;
        for (int round = 0; round < 500; round++) {
            Hold hold = hold();
            AtomicInteger moved = new AtomicInteger();
            Race.of(hold::close, () -> {
                try {
                    hold.move();
                    moved.incrementAndGet();
                } catch (IllegalStateException closed) {
                    // the other was first
                }
            });
            moves += moved.get();
        }
        assertEquals(500, moves + releases.get());
    }

    @Test
    void whatWasForgottenIsReleasedAndReportedOnce() {
        long before = LeakDetector.leaked();
        try (LogCapture log = new LogCapture(LeakDetector.class)) {
            for (int i = 0; i < 10; i++) {
                Hold.of(new Object(), "forgotten thing " + i, releases::incrementAndGet);
            }
            assertEquals(0, ProcessResources.collectUntil(() -> 10 + before - LeakDetector.leaked(), 0));
            assertEquals(10, releases.get());
            for (int i = 0; i < 10; i++) {
                String report = "forgotten thing " + i + " was forgotten, not closed";
                assertEquals(1, log.messages().stream().filter(report::equals).count());
            }
        }
        assertEquals(
                0,
                LeakDetector.open().stream()
                        .filter(line -> line.startsWith("forgotten"))
                        .count());
    }

    @Test
    void whatIsKeptIsReleasedWhenItIsLetGo() {
        Hold hold = hold();
        hold.keep();
        hold.keep();
        hold.close();
        assertThrows(IllegalStateException.class, hold::keep);
        hold.letGo();
        assertEquals(0, releases.get());
        hold.letGo();
        assertEquals(1, releases.get());
        hold.close();
        assertEquals(1, releases.get());
    }

    @Test
    void whatIsKeptCannotBeMoved() {
        Hold hold = hold();
        hold.keep();
        assertThrows(IllegalStateException.class, hold::move);
        hold.letGo();
        hold.move();
        assertEquals(0, releases.get());
    }

    @Test
    void whatWasForgottenByAllWhoKeptItIsReleasedAndReportedOnce() {
        long before = LeakDetector.leaked();
        try (LogCapture log = new LogCapture(LeakDetector.class)) {
            Hold.of(new Object(), "kept thing", releases::incrementAndGet).keep();
            keepAndClose();
            assertEquals(0, ProcessResources.collectUntil(() -> 2 + before - LeakDetector.leaked(), 0));
            assertEquals(2, releases.get());
            assertEquals(2, log.messages().size());
        }
    }

    private void keepAndClose() {
        Hold closed = Hold.of(new Object(), "closed thing", releases::incrementAndGet);
        closed.keep();
        closed.close();
    }

    @Test
    void aCloseThatRacesLettingGoReleasesOnce() throws Exception {
        for (int round = 1; round <= 500; round++) {
            Hold hold = hold();
            hold.keep();
            Race.of(hold::close, hold::letGo);
            assertEquals(round, releases.get());
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.renderer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ControlsTest {
    private static final Controls SOME = new Controls(1.5, -0.25, 3, 0.125, 2, 123_456_789L, 640, 360);

    @Test
    void whatIsEncodedIsDecoded() {
        assertEquals(Optional.of(SOME), Controls.decode(SOME.encode()));
    }

    @Test
    void whatAnotherProgramSendsIsNotTaken() {
        assertEquals(Optional.empty(), Controls.decode(new byte[0]));
        assertEquals(Optional.empty(), Controls.decode(new byte[55]));
        byte[] notANumber = SOME.encode();
        notANumber[0] = (byte) 0x7f;
        notANumber[1] = (byte) 0xf8;
        assertEquals(Optional.empty(), Controls.decode(notANumber));
    }

    @Test
    void numbersStayWithinWhatCanBeDrawn() {
        Controls far = new Controls(0, 9, 1e9, 0, 1e9, 0, 1, 1_000_000);
        assertEquals(new Controls(0, Math.PI / 2, 20, 0, 10, 0, 16, 4096), far);
        assertThrows(IllegalArgumentException.class, () -> SOME.zoomed(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> SOME.turned(Double.POSITIVE_INFINITY, 0));
    }

    @Test
    void theModelTurnsWithTime() {
        assertEquals(0.125, SOME.phaseAt(123_456_789L));
        assertEquals(4.125, SOME.phaseAt(2_123_456_789L), 1e-9);
        long before = System.nanoTime();
        Controls stopped = SOME.withSpeed(0);
        assertEquals(stopped.phase(), stopped.phaseAt(before + 1_000_000_000L));
        assertEquals(SOME.phaseAt(stopped.epochNanos()), stopped.phase());
    }
}

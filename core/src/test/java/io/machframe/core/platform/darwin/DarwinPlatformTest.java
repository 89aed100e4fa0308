/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.core.platform.PlatformCapability;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.MAC, disabledReason = "other tests of this JVM need the real libSystem")
final class DarwinPlatformTest extends StubbedLibSystem {
    @Test
    void itHasTheMachKernelAndNothingElse() {
        assertEquals(
                List.of(PlatformCapability.MACH_KERNEL),
                Arrays.stream(PlatformCapability.values()).filter(platform::has).toList());
    }

    @Test
    void withoutLibSystemThereIsNoPlatform() {
        assertThrows(UnsatisfiedLinkError.class, DarwinPlatform::new);
    }
}

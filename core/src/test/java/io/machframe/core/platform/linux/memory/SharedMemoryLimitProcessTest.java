/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.memory;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.MachException;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A limit of the process in the way of shared memory is named, with its value. */
@RequiresCapability({TestCapability.LINUX, TestCapability.PRLIMIT})
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMemoryLimitProcessTest {
    @Test
    void theFileSizeLimitIsNamed() throws Exception {
        try (ChildProcess child = ChildProcess.start(List.of("prlimit", "--fsize=" + (1 << 20)), Maker.class)) {
            String answer = child.readLine();
            assertTrue(answer.contains("RLIMIT_FSIZE") && answer.contains(" 1048576 "), answer);
        }
    }

    /** Says why it cannot make more memory than a file may have bytes. */
    static final class Maker {
        private Maker() {}

        public static void main(String[] arguments) {
            System.out.println(assertThrows(MachException.class, () -> SharedMemory.create("test", 2 << 20))
                    .getMessage());
        }
    }
}

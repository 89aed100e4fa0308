/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.abi.BindingCheck;
import io.machframe.core.testing.abi.BindingProbe;
import io.machframe.core.testing.abi.Kind;
import io.machframe.core.testing.abi.StubLibrary;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LibSystemTest {
    @Test
    void everyFunctionIsDeclaredAsMacOsHasIt() {
        assertEquals(List.of(), BindingCheck.functions(LibSystem.class, LibSystem.INSTALL_NAME));
    }

    @ParameterizedTest
    @ValueSource(strings = {LibSystem.TASK_SELF, LibSystem.BOOTSTRAP_PORT})
    void everyVariableIsThere(String name) {
        assertEquals(List.of(), BindingCheck.variable(name, Kind.U32, LibSystem.INSTALL_NAME));
    }

    @Test
    void theSizeOfAPageIsThere() {
        assertEquals(List.of(), BindingCheck.variable(LibSystem.PAGE_SIZE, Kind.U64, LibSystem.INSTALL_NAME));
    }

    @Test
    @Timeout(120)
    void everyArgumentAndResultPassesThroughTheMapping(@TempDir Path folder) throws Exception {
        StubLibrary stub = StubLibrary.compile(folder, List.of(LibSystem.class), List.of());

        assertEquals(List.of(), BindingProbe.differences(LibSystem.class, stub));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.abi.BindingCheck;
import io.machframe.core.testing.abi.BindingContract;
import io.machframe.core.testing.abi.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LibSystemTest extends BindingContract {
    LibSystemTest() {
        super(LibSystem.class, LibSystem.INSTALL_NAME);
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
}

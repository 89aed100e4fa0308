/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What must be so of every class of native methods that is bound to a library of macOS. */
public abstract class BindingContract {
    private final Class<?> mapping;
    private final String library;

    /**
     * Takes the class that is tested.
     *
     * @param library the install name that it is bound to on macOS
     */
    protected BindingContract(Class<?> mapping, String library) {
        this.mapping = mapping;
        this.library = library;
    }

    @Test
    void everyFunctionIsDeclaredAsMacOsHasIt() {
        assertEquals(List.of(), BindingCheck.functions(mapping, library));
    }

    @Test
    @Timeout(120)
    void everyArgumentAndResultPassesThroughTheMapping(@TempDir Path folder) throws Exception {
        StubLibrary stub = StubLibrary.compile(folder, List.of(mapping), List.of());

        assertEquals(List.of(), BindingProbe.differences(mapping, stub));
    }
}

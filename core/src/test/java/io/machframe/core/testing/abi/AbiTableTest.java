/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AbiTableTest {
    @ParameterizedTest
    @EnumSource
    void aFunctionHasItsSignatureAndItsLibrary(Arch arch) {
        AbiFunction function = AbiTable.of(arch).function("mach_port_destruct").orElseThrow();

        assertEquals("i32(u32,u32,i32,u64)", function.signature().toString());
        assertEquals("/usr/lib/libSystem.B.dylib", function.export().library());
        assertTrue(function.export().archs().contains(arch.label()));
    }

    @Test
    void aVariadicFunctionSaysSo() {
        Signature signature = AbiTable.of(Arch.ARM64)
                .function("CFStringCreateWithFormat")
                .orElseThrow()
                .signature();

        assertTrue(signature.variadic());
        assertEquals(List.of(Kind.POINTER, Kind.POINTER, Kind.POINTER), signature.parameters());
    }

    @Test
    void aFactThatDiffersBetweenArchitecturesIsReadForTheRightOne() {
        assertEquals(Optional.of(18L), AbiTable.of(Arch.ARM64).constant("TASK_BASIC_INFO"));
        assertEquals(Optional.of(5L), AbiTable.of(Arch.X86_64).constant("TASK_BASIC_INFO"));
    }

    @ParameterizedTest
    @EnumSource
    void aStructureHasItsSizeAndOffsets(Arch arch) {
        AbiTable table = AbiTable.of(arch);

        assertEquals(24, table.size("mach_msg_header_t"));
        assertEquals(20, table.offset("mach_msg_header_t", "msgh_id"));
    }

    @ParameterizedTest
    @EnumSource
    void aVariableHasItsKind(Arch arch) {
        AbiTable table = AbiTable.of(arch);

        assertEquals(Kind.U32, table.variable("bootstrap_port").orElseThrow().kind());
        assertEquals(
                Kind.POINTER, table.variable("kIOSurfaceWidth").orElseThrow().kind());
        assertTrue(table.variable("kCFTypeDictionaryKeyCallBacks").orElseThrow().byAddress());
    }

    @Test
    void whatTheTableDoesNotHaveIsNotGuessed() {
        AbiTable table = AbiTable.of(Arch.ARM64);

        assertEquals(Optional.empty(), table.function("mach_port_guess"));
        assertEquals(Optional.empty(), table.constant("MACH_GUESS"));
        assertThrows(IllegalArgumentException.class, () -> table.offset("mach_msg_header_t", "msgh_guess"));
        assertThrows(IllegalArgumentException.class, () -> table.size("mach_guess_t"));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The check is worth something only if it refuses what is wrong. */
final class BindingCheckTest {
    private static final String LIB_SYSTEM = "/usr/lib/libSystem.B.dylib";
    private static final String CORE_FOUNDATION =
            "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation";

    private static final class Right {
        static native int mach_port_type(int task, int name, long ptype);
    }

    @Test
    void aRightDeclarationPasses() {
        assertEquals(List.of(), BindingCheck.functions(Right.class, LIB_SYSTEM));
    }

    private static final class NarrowPointer {
        static native int mach_port_type(int task, int name, int ptype);
    }

    @Test
    void aPointerDeclaredAsIntIsRefused() {
        assertEquals(
                List.of(
                        "ARM64 mach_port_type: parameter 2 is pointer, so long, not int",
                        "X86_64 mach_port_type: parameter 2 is pointer, so long, not int"),
                BindingCheck.functions(NarrowPointer.class, LIB_SYSTEM));
    }

    private static final class WideResult {
        static native long mach_port_type(int task, int name, long ptype);
    }

    @Test
    void aResultThatIsTooWideIsRefused() {
        assertEquals(
                List.of(
                        "ARM64 mach_port_type: result is i32, so int, not long",
                        "X86_64 mach_port_type: result is i32, so int, not long"),
                BindingCheck.functions(WideResult.class, LIB_SYSTEM));
    }

    private static final class IntegerForFloating {
        static native long CFDateCreate(long allocator, long at);
    }

    @Test
    void anIntegerForAFloatingPointParameterIsRefusedThoughItIsAsWide() {
        assertEquals(
                List.of(
                        "ARM64 CFDateCreate: parameter 1 is f64, so double, not long",
                        "X86_64 CFDateCreate: parameter 1 is f64, so double, not long"),
                BindingCheck.functions(IntegerForFloating.class, CORE_FOUNDATION));
    }

    private static final class Untyped {
        static native boolean CFNumberGetValue(Pointer number, long type, Pointer value);
    }

    @Test
    void typesWhoseWidthDoesNotShowAreRefused() {
        List<String> differences = BindingCheck.functions(Untyped.class, CORE_FOUNDATION);

        assertEquals("ARM64 CFNumberGetValue: result is u8, so byte, not boolean", differences.get(0));
        assertEquals("ARM64 CFNumberGetValue: parameter 0 is pointer, so long, not Pointer", differences.get(1));
        assertEquals(6, differences.size());
    }

    private static final class MissingParameter {
        static native int mach_port_type(int task, int name);
    }

    @Test
    void aMissingParameterIsRefused() {
        assertEquals(
                "ARM64 mach_port_type: declares 2 parameters, not i32(u32,u32,pointer)",
                BindingCheck.functions(MissingParameter.class, LIB_SYSTEM).get(0));
    }

    private static final class Invented {
        static native int mach_port_guess(int task);
    }

    @Test
    void aFunctionThatMacOsDoesNotHaveIsRefused() {
        assertEquals(
                List.of("ARM64 mach_port_guess: no such function", "X86_64 mach_port_guess: no such function"),
                BindingCheck.functions(Invented.class, LIB_SYSTEM));
    }

    @Test
    void aFunctionOfAnotherLibraryIsRefused() {
        assertEquals(
                "ARM64 mach_port_type: exported by '" + LIB_SYSTEM + "', bound to " + CORE_FOUNDATION,
                BindingCheck.functions(Right.class, CORE_FOUNDATION).get(0));
    }

    private static final class Inlined {
        static native short CFStringGetCharacterFromInlineBuffer(long buffer, long index);
    }

    @Test
    void aFunctionThatLivesOnlyInAHeaderIsRefused() {
        assertEquals(
                "ARM64 CFStringGetCharacterFromInlineBuffer: exported by '', bound to " + CORE_FOUNDATION,
                BindingCheck.functions(Inlined.class, CORE_FOUNDATION).get(1));
    }

    private static final class Variadic {
        static native long CFStringCreateWithFormat(long allocator, long options, long format);
    }

    @Test
    void aVariadicFunctionIsRefused() {
        assertEquals(
                "ARM64 CFStringCreateWithFormat: is variadic, which a fixed binding passes wrongly on arm64",
                BindingCheck.functions(Variadic.class, CORE_FOUNDATION).get(0));
    }

    private static final class ByValue {
        static native void CFStringDelete(long string, long range);
    }

    @Test
    void aStructurePassedByValueIsRefused() {
        assertEquals(
                "ARM64 CFStringDelete: parameter 1 is struct:CFRange:16:8, which is not passed as a scalar",
                BindingCheck.functions(ByValue.class, CORE_FOUNDATION).get(0));
    }

    private static final class TooNew {
        static native long CVBufferCopyAttachments(long buffer, int mode);
    }

    @Test
    void aFunctionThatTheOldestSystemLacksIsRefused() {
        String library = "/System/Library/Frameworks/CoreVideo.framework/Versions/A/CoreVideo";

        List<String> differences = BindingCheck.functions(TooNew.class, library);

        assertEquals(2, differences.size());
        assertTrue(differences.get(0).startsWith("ARM64 CVBufferCopyAttachments: exported on "), differences.get(0));
    }

    private static final class Nothing {}

    @Test
    void aClassWithoutNativeMethodsIsRefused() {
        assertEquals(
                List.of(Nothing.class.getName() + " declares no native method"),
                BindingCheck.functions(Nothing.class, LIB_SYSTEM));
    }

    @Test
    void aVariableIsComparedWithItsLibraryAndKind() {
        assertEquals(List.of(), BindingCheck.variable("bootstrap_port", Kind.U32, LIB_SYSTEM));
        assertEquals(
                List.of(
                        "ARM64 bootstrap_port: is u32, bound as pointer",
                        "X86_64 bootstrap_port: is u32, bound as pointer"),
                BindingCheck.variable("bootstrap_port", Kind.POINTER, LIB_SYSTEM));
        assertEquals(
                List.of("ARM64 bootstrap_guess: no such variable", "X86_64 bootstrap_guess: no such variable"),
                BindingCheck.variable("bootstrap_guess", Kind.U32, LIB_SYSTEM));
    }
}

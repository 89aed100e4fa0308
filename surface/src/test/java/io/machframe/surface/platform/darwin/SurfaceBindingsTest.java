/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.abi.AbiTable;
import io.machframe.core.testing.abi.Arch;
import io.machframe.core.testing.abi.BindingCheck;
import io.machframe.core.testing.abi.BindingProbe;
import io.machframe.core.testing.abi.Kind;
import io.machframe.core.testing.abi.StubLibrary;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.platform.SurfaceKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The declarations of IOSurface.framework and CoreFoundation against the ABI table. */
final class SurfaceBindingsTest {
    static Stream<Arguments> libraries() {
        return Stream.of(
                Arguments.of(IOSurfaceFramework.class, IOSurfaceFramework.INSTALL_NAME),
                Arguments.of(CoreFoundation.class, CoreFoundation.INSTALL_NAME));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void everyFunctionIsDeclaredAsMacOsHasIt(Class<?> mapping, String library) {
        assertEquals(List.of(), BindingCheck.functions(mapping, library));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    @Timeout(120)
    void everyArgumentAndResultPassesThroughTheMapping(Class<?> mapping, String library, @TempDir Path folder)
            throws Exception {
        StubLibrary stub = StubLibrary.compile(folder, List.of(mapping), List.of());

        assertEquals(List.of(), BindingProbe.differences(mapping, stub));
    }

    @ParameterizedTest
    @EnumSource
    void everyKeyIsThere(SurfaceKey key) {
        assertEquals(List.of(), BindingCheck.variable(key.symbol(), Kind.POINTER, IOSurfaceFramework.INSTALL_NAME));
    }

    static Stream<Arguments> callbacks() {
        return Stream.of(
                Arguments.of(CoreFoundation.KEY_CALLBACKS, "struct:CFDictionaryKeyCallBacks:48:8"),
                Arguments.of(CoreFoundation.VALUE_CALLBACKS, "struct:CFDictionaryValueCallBacks:40:8"),
                Arguments.of(CoreFoundation.ARRAY_CALLBACKS, "struct:CFArrayCallBacks:40:8"));
    }

    @ParameterizedTest
    @MethodSource("callbacks")
    void everySetOfCallbacksIsThere(String name, String kind) {
        assertEquals(List.of(), BindingCheck.variable(name, new Kind(kind), CoreFoundation.INSTALL_NAME));
    }

    @ParameterizedTest
    @EnumSource
    void everyConstantHasTheValueOfItsNamesakeInC(Arch arch) {
        AbiTable table = AbiTable.of(arch);

        assertEquals(Optional.of((long) SurfaceCalls.LOCK_READ_ONLY), table.constant("kIOSurfaceLockReadOnly"));
        assertEquals(Optional.of((long) SurfaceCalls.LOCK_AVOID_SYNC), table.constant("kIOSurfaceLockAvoidSync"));
        assertEquals(Optional.of(CoreFoundation.NUMBER_SINT64), table.constant("kCFNumberSInt64Type"));
    }

    @Test
    void theWidthThatAMappingGetsWrongIsSeenHereToo() {
        assertEquals(
                List.of(
                        "ARM64 IOSurfaceIsInUse: result is u8, so byte, not boolean",
                        "X86_64 IOSurfaceIsInUse: result is u8, so byte, not boolean"),
                BindingCheck.functions(BooleanResult.class, IOSurfaceFramework.INSTALL_NAME));
    }

    private static final class BooleanResult {
        static native boolean IOSurfaceIsInUse(long buffer);
    }
}

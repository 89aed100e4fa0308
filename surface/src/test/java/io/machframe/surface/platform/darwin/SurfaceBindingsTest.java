/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.abi.AbiTable;
import io.machframe.core.testing.abi.Arch;
import io.machframe.core.testing.abi.BindingCheck;
import io.machframe.core.testing.abi.BindingContract;
import io.machframe.core.testing.abi.Kind;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.GlTexture;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.property.CacheMode;
import io.machframe.surface.property.PurgeState;
import io.machframe.surface.property.SurfaceKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The declarations of IOSurface.framework and CoreFoundation against the ABI table. */
final class SurfaceBindingsTest {
    @Nested
    class IOSurface extends BindingContract {
        IOSurface() {
            super(IOSurfaceFramework.class, IOSurfaceFramework.INSTALL_NAME);
        }
    }

    @Nested
    class Foundation extends BindingContract {
        Foundation() {
            super(CoreFoundation.class, CoreFoundation.INSTALL_NAME);
        }
    }

    /** The one excepted is newer than the table. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CONTENT_HEADROOM")
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

    static Stream<Arguments> numbers() {
        return Stream.of(
                Arguments.of(ComponentName.CHROMA_BLUE.number(), "kIOSurfaceComponentNameChromaBlue"),
                Arguments.of(ComponentName.CHROMA_RED.number(), "kIOSurfaceComponentNameChromaRed"),
                Arguments.of(ComponentName.LUMA.number(), "kIOSurfaceComponentNameLuma"),
                Arguments.of(ComponentName.BLUE.number(), "kIOSurfaceComponentNameBlue"),
                Arguments.of(ComponentName.GREEN.number(), "kIOSurfaceComponentNameGreen"),
                Arguments.of(ComponentName.RED.number(), "kIOSurfaceComponentNameRed"),
                Arguments.of(ComponentName.ALPHA.number(), "kIOSurfaceComponentNameAlpha"),
                Arguments.of(ComponentType.UNSIGNED_INTEGER.number(), "kIOSurfaceComponentTypeUnsignedInteger"),
                Arguments.of(ComponentType.SIGNED_INTEGER.number(), "kIOSurfaceComponentTypeSignedInteger"),
                Arguments.of(ComponentType.FLOAT.number(), "kIOSurfaceComponentTypeFloat"),
                Arguments.of(ComponentType.SIGNED_NORMALIZED.number(), "kIOSurfaceComponentTypeSignedNormalized"),
                Arguments.of(ComponentRange.FULL.number(), "kIOSurfaceComponentRangeFullRange"),
                Arguments.of(ComponentRange.VIDEO.number(), "kIOSurfaceComponentRangeVideoRange"),
                Arguments.of(ComponentRange.WIDE.number(), "kIOSurfaceComponentRangeWideRange"),
                Arguments.of(PurgeState.NON_VOLATILE.number(), "kIOSurfacePurgeableNonVolatile"),
                Arguments.of(PurgeState.VOLATILE.number(), "kIOSurfacePurgeableVolatile"),
                Arguments.of(PurgeState.EMPTY.number(), "kIOSurfacePurgeableEmpty"),
                Arguments.of(PurgeState.KEEP_CURRENT.number(), "kIOSurfacePurgeableKeepCurrent"),
                Arguments.of(CacheMode.WRITE_COMBINE.number(), "kIOSurfaceWriteCombineCache"),
                Arguments.of(CacheMode.DEFAULT.mapNumber(), "kIOSurfaceMapDefaultCache"),
                Arguments.of(CacheMode.INHIBIT.mapNumber(), "kIOSurfaceMapInhibitCache"),
                Arguments.of(CacheMode.WRITE_THRU.mapNumber(), "kIOSurfaceMapWriteThruCache"),
                Arguments.of(CacheMode.COPYBACK.mapNumber(), "kIOSurfaceMapCopybackCache"),
                Arguments.of(CacheMode.WRITE_COMBINE.mapNumber(), "kIOSurfaceMapWriteCombineCache"),
                Arguments.of(CacheMode.COPYBACK_INNER.mapNumber(), "kIOSurfaceMapCopybackInnerCache"),
                Arguments.of((int) CoreFoundation.BINARY_FORMAT, "kCFPropertyListBinaryFormat_v1_0"),
                Arguments.of((int) CoreFoundation.IMMUTABLE, "kCFPropertyListImmutable"),
                Arguments.of(Subsampling.NONE.number(), "kIOSurfaceSubsamplingNone"),
                Arguments.of(Subsampling.YUV_422.number(), "kIOSurfaceSubsampling422"),
                Arguments.of(Subsampling.YUV_420.number(), "kIOSurfaceSubsampling420"),
                Arguments.of(Subsampling.YUV_411.number(), "kIOSurfaceSubsampling411"),
                Arguments.of(GlTexture.BGRA8.internalFormat(), "GL_RGBA8"),
                Arguments.of(GlTexture.BGRA8.format(), "GL_BGRA"),
                Arguments.of(GlTexture.BGRA8.type(), "GL_UNSIGNED_INT_8_8_8_8_REV"),
                Arguments.of(GlTexture.ARGB8.type(), "GL_UNSIGNED_INT_8_8_8_8"),
                Arguments.of(GlTexture.RGBA8.format(), "GL_RGBA"),
                Arguments.of(GlTexture.R8.internalFormat(), "GL_R8"),
                Arguments.of(GlTexture.R8.format(), "GL_RED"),
                Arguments.of(GlTexture.R8.type(), "GL_UNSIGNED_BYTE"),
                Arguments.of(GlTexture.RG8.internalFormat(), "GL_RG8"),
                Arguments.of(GlTexture.RG8.format(), "GL_RG"),
                Arguments.of(GlTexture.R16.internalFormat(), "GL_R16"),
                Arguments.of(GlTexture.R16.type(), "GL_UNSIGNED_SHORT"),
                Arguments.of(GlTexture.RG16.internalFormat(), "GL_RG16"),
                Arguments.of(GlTexture.R16F.internalFormat(), "GL_R16F"),
                Arguments.of(GlTexture.R16F.type(), "GL_HALF_FLOAT"),
                Arguments.of(GlTexture.RG16F.internalFormat(), "GL_RG16F"),
                Arguments.of(GlTexture.R32F.type(), "GL_FLOAT"),
                Arguments.of(GlTexture.RGBA16F.internalFormat(), "GL_RGBA16F"),
                Arguments.of(GlTexture.RGBA32F.internalFormat(), "GL_RGBA32F"),
                Arguments.of(GlTexture.BGR10_A2.internalFormat(), "GL_RGB10_A2"),
                Arguments.of(GlTexture.BGR10_A2.type(), "GL_UNSIGNED_INT_2_10_10_10_REV"),
                Arguments.of(GlTexture.APPLE_UYVY.format(), "GL_RGB_422_APPLE"),
                Arguments.of(GlTexture.APPLE_UYVY.type(), "GL_UNSIGNED_SHORT_8_8_APPLE"),
                Arguments.of(GlTexture.APPLE_YUYV.type(), "GL_UNSIGNED_SHORT_8_8_REV_APPLE"),
                Arguments.of(GlTexture.RGB565.format(), "GL_RGB"));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void everyNumberOfAFormatIsThatOfC(int number, String name) {
        assertEquals(Optional.of((long) number), AbiTable.of(Arch.ARM64).constant(name));
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

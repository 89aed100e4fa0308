/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of IOSurface.framework, bound directly; nothing else. A surface is an {@code IOSurfaceRef} as a long.
 *
 * <p>The functions can be called once {@link #bind} has returned. Nothing is bound when this class is loaded, so that
 * the tests can bind these very declarations to a library of their own, on any system.
 */
final class IOSurfaceFramework {
    /** Where every macOS has the library; since macOS 11 the loader finds it there although there is no such file. */
    static final String INSTALL_NAME = "/System/Library/Frameworks/IOSurface.framework/Versions/A/IOSurface";

    private IOSurfaceFramework() {}

    /** Binds every function of this class, for the whole process, and returns the library for its variables. */
    static NativeLibrary bind(String libraryName) {
        NativeLibrary library = NativeLibrary.getInstance(libraryName);
        Native.register(IOSurfaceFramework.class, library);
        return library;
    }

    static native long IOSurfaceCreate(long properties);

    static native long IOSurfaceLookup(int csid);

    static native long IOSurfaceLookupFromMachPort(int port);

    static native int IOSurfaceCreateMachPort(long buffer);

    static native int IOSurfaceGetID(long buffer);

    static native int IOSurfaceLock(long buffer, int options, long seed);

    static native int IOSurfaceUnlock(long buffer, int options, long seed);

    static native int IOSurfaceGetSeed(long buffer);

    static native void IOSurfaceIncrementUseCount(long buffer);

    static native void IOSurfaceDecrementUseCount(long buffer);

    static native int IOSurfaceGetUseCount(long buffer);

    static native byte IOSurfaceIsInUse(long buffer);

    static native long IOSurfaceGetBaseAddress(long buffer);

    static native long IOSurfaceGetBaseAddressOfPlane(long buffer, long planeIndex);

    static native long IOSurfaceGetAllocSize(long buffer);

    static native long IOSurfaceGetWidth(long buffer);

    static native long IOSurfaceGetHeight(long buffer);

    static native long IOSurfaceGetBytesPerElement(long buffer);

    static native long IOSurfaceGetBytesPerRow(long buffer);

    static native long IOSurfaceGetElementWidth(long buffer);

    static native long IOSurfaceGetElementHeight(long buffer);

    static native int IOSurfaceGetPixelFormat(long buffer);

    static native long IOSurfaceGetPlaneCount(long buffer);

    static native long IOSurfaceGetWidthOfPlane(long buffer, long planeIndex);

    static native long IOSurfaceGetHeightOfPlane(long buffer, long planeIndex);

    static native long IOSurfaceGetBytesPerElementOfPlane(long buffer, long planeIndex);

    static native long IOSurfaceGetBytesPerRowOfPlane(long buffer, long planeIndex);

    static native long IOSurfaceGetElementWidthOfPlane(long buffer, long planeIndex);

    static native long IOSurfaceGetElementHeightOfPlane(long buffer, long planeIndex);

    static native long IOSurfaceGetNumberOfComponentsOfPlane(long buffer, long planeIndex);

    static native int IOSurfaceGetNameOfComponentOfPlane(long buffer, long planeIndex, long componentIndex);

    static native int IOSurfaceGetTypeOfComponentOfPlane(long buffer, long planeIndex, long componentIndex);

    static native int IOSurfaceGetRangeOfComponentOfPlane(long buffer, long planeIndex, long componentIndex);

    static native long IOSurfaceGetBitDepthOfComponentOfPlane(long buffer, long planeIndex, long componentIndex);

    static native long IOSurfaceGetBitOffsetOfComponentOfPlane(long buffer, long planeIndex, long componentIndex);

    static native int IOSurfaceGetSubsampling(long buffer);

    static native long IOSurfaceGetPropertyMaximum(long property);

    static native long IOSurfaceGetPropertyAlignment(long property);

    static native long IOSurfaceAlignProperty(long property, long value);

    static native byte IOSurfaceAllowsPixelSizeCasting(long buffer);

    static native void IOSurfaceSetValue(long buffer, long key, long value);

    static native void IOSurfaceSetValues(long buffer, long keysAndValues);

    static native long IOSurfaceCopyValue(long buffer, long key);

    static native long IOSurfaceCopyAllValues(long buffer);

    static native void IOSurfaceRemoveValue(long buffer, long key);

    static native void IOSurfaceRemoveAllValues(long buffer);

    static native int IOSurfaceSetPurgeable(long buffer, int newState, long oldState);
}

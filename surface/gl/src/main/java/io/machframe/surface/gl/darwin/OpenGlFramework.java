/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl.darwin;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of OpenGL.framework that LWJGL lacks, bound directly; nothing else. They can be called once {@link #bind}
 * has returned.
 */
public final class OpenGlFramework {
    /** Where every macOS has the library; since macOS 11 the loader finds it there although there is no such file. */
    public static final String INSTALL_NAME = "/System/Library/Frameworks/OpenGL.framework/Versions/A/OpenGL";

    private OpenGlFramework() {}

    /** Binds every function of this class, for the whole process. */
    public static void bind(String libraryName) {
        Native.register(OpenGlFramework.class, NativeLibrary.getInstance(libraryName));
    }

    /** Returns the context of this thread, 0 for none. */
    public static native long CGLGetCurrentContext();

    /** Makes the bound texture be a plane of a surface. Returns 0, or a {@code CGLError}. */
    public static native int CGLTexImageIOSurface2D(
            long context,
            int target,
            int internalFormat,
            int width,
            int height,
            int format,
            int type,
            long surface,
            int plane);
}

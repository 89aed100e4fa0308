/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.CGL.*;

import java.nio.IntBuffer;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;

/** A context of macOS without a drawable. */
final class CglContext extends HeadlessGl.Context {
    private static final long NONE = 0;

    private final long context;

    private CglContext(long context) {
        this.context = context;
    }

    static CglContext open() throws GlException {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer attributes = stack.ints(
                    kCGLPFAOpenGLProfile,
                    kCGLOGLPVersion_3_2_Core,
                    kCGLPFAAllowOfflineRenderers,
                    kCGLPFAColorSize,
                    24,
                    0);
            PointerBuffer format = stack.mallocPointer(1);
            check("CGLChoosePixelFormat", CGLChoosePixelFormat(attributes, format, stack.mallocInt(1)));
            if (format.get(0) == NONE) {
                throw new GlException("CGLChoosePixelFormat: no renderer has a core profile");
            }
            try {
                PointerBuffer made = stack.mallocPointer(1);
                check("CGLCreateContext", CGLCreateContext(format.get(0), NONE, made));
                CglContext context = new CglContext(made.get(0));
                try {
                    context.makeCurrent();
                    return context;
                } catch (GlException | RuntimeException | Error e) {
                    context.release();
                    context.destroy();
                    throw e;
                }
            } finally {
                CGLReleasePixelFormat(format.get(0));
            }
        }
    }

    private static void check(String call, int error) throws GlException {
        if (error != kCGLNoError) {
            throw new GlException(call + ": CGL error " + error);
        }
    }

    @Override
    void bind() throws GlException {
        check("CGLSetCurrentContext", CGLSetCurrentContext(context));
    }

    @Override
    void unbind() {
        if (CGLGetCurrentContext() == context) {
            CGLSetCurrentContext(NONE);
        }
    }

    @Override
    void destroy() {
        CGLReleaseContext(context);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.egl.EGL10.*;
import static org.lwjgl.egl.EGL12.eglBindAPI;
import static org.lwjgl.egl.EGL14.EGL_OPENGL_API;
import static org.lwjgl.egl.EGL14.EGL_OPENGL_BIT;
import static org.lwjgl.egl.EGL15.*;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opengl.GL11C;
import org.lwjgl.system.MemoryStack;

/** A context of EGL without a surface of EGL. */
final class EglContext extends HeadlessGl.Context {
    private static final int MAJOR = 3;
    private static final int MINOR = 3;

    private final long display;
    private final long context;

    private EglContext(long display, long context) {
        this.display = display;
        this.context = context;
    }

    /**
     * Tries the devices, those that are no software first: a device may turn out to be one that Mesa draws for with the
     * processor, and the way it then does that ends the process when it draws into imported memory. The software device
     * does not.
     */
    static EglContext open(boolean software) throws GlException {
        Egl.load();
        long[] devices = Egl.devices();
        if (devices.length == 0) {
            throw new GlException("EGL has no devices (EGL_EXT_device_enumeration)");
        }
        List<String> refusals = new ArrayList<>();
        for (boolean wanted : software ? new boolean[] {true} : new boolean[] {false, true}) {
            for (int i = 0; i < devices.length; i++) {
                if (Egl.isSoftware(devices[i]) == wanted) {
                    try {
                        return open(devices[i], wanted);
                    } catch (GlException e) {
                        refusals.add("device " + i + (wanted ? " (software)" : "") + ": " + e.getMessage());
                    }
                }
            }
        }
        throw new GlException("EGL makes no OpenGL context: "
                + (refusals.isEmpty() ? "it has no such device" : String.join("; ", refusals)));
    }

    private static EglContext open(long device, boolean software) throws GlException {
        long display = Egl.display(device);
        if (display == EGL_NO_DISPLAY) {
            throw new GlException("eglGetPlatformDisplay: " + Egl.error());
        }
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer version = stack.mallocInt(2);
            // The display is the process's: others may use it, so it is never terminated.
            if (!eglInitialize(display, version.slice(0, 1), version.slice(1, 1))) {
                throw new GlException("eglInitialize: " + Egl.error() + " (is the driver there? libgl1-mesa-dri)");
            }
            EglContext made = new EglContext(display, create(display, stack));
            try {
                made.makeCurrent();
                if (!software && isSoftwareRenderer()) {
                    throw new GlException("it has no driver but software");
                }
                return made;
            } catch (GlException | RuntimeException | Error e) {
                made.release();
                made.destroy();
                throw e;
            }
        }
    }

    private static long create(long display, MemoryStack stack) throws GlException {
        eglBindAPI(EGL_OPENGL_API);
        PointerBuffer config = stack.mallocPointer(1);
        IntBuffer count = stack.mallocInt(1);
        IntBuffer wanted = stack.ints(EGL_SURFACE_TYPE, 0, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE);
        if (!eglChooseConfig(display, wanted, config, count) || count.get(0) == 0) {
            throw new GlException("eglChooseConfig: " + Egl.error());
        }
        // One that notices when it is lost, where the driver can make such.
        long context = create(display, config.get(0), true);
        if (context == EGL_NO_CONTEXT) {
            context = create(display, config.get(0), false);
        }
        if (context == EGL_NO_CONTEXT) {
            throw new GlException("eglCreateContext: " + Egl.error());
        }
        return context;
    }

    private static long create(long display, long config, boolean noticesReset) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer attributes = stack.ints(
                    EGL_CONTEXT_MAJOR_VERSION,
                    MAJOR,
                    EGL_CONTEXT_MINOR_VERSION,
                    MINOR,
                    EGL_CONTEXT_OPENGL_PROFILE_MASK,
                    EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                    noticesReset ? EGL_CONTEXT_OPENGL_RESET_NOTIFICATION_STRATEGY : EGL_NONE,
                    EGL_LOSE_CONTEXT_ON_RESET,
                    EGL_NONE);
            return eglCreateContext(display, config, EGL_NO_CONTEXT, attributes);
        }
    }

    /** Returns whether the processor draws in the context that is current. */
    static boolean isSoftwareRenderer() {
        String renderer = String.valueOf(GL11C.glGetString(GL11C.GL_RENDERER)).toLowerCase(Locale.ROOT);
        return renderer.contains("llvmpipe") || renderer.contains("softpipe") || renderer.contains("swrast");
    }

    @Override
    void bind() throws GlException {
        eglBindAPI(EGL_OPENGL_API); // each thread has its own
        if (!eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, context)) {
            throw new GlException("eglMakeCurrent: " + Egl.error());
        }
    }

    @Override
    void unbind() {
        eglBindAPI(EGL_OPENGL_API);
        if (eglGetCurrentContext() == context) {
            eglMakeCurrent(display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        }
    }

    @Override
    void destroy() {
        eglDestroyContext(display, context);
    }
}

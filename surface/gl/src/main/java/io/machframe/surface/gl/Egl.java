/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.egl.EGL10.*;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lwjgl.PointerBuffer;
import org.lwjgl.egl.EGL;
import org.lwjgl.egl.EXTDeviceEnumeration;
import org.lwjgl.system.JNI;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;

/**
 * The calls of EGL that LWJGL refuses to make because it takes a null that EGL allows for a mistake, and what several of
 * this package's classes ask EGL.
 */
final class Egl {
    /** The device draws with the processor. */
    static final String SOFTWARE_DEVICE = "EGL_MESA_device_software";

    private static final int PLATFORM_DEVICE = 0x313F;
    private static final int DEVICE = 0x322C;
    private static final long NONE = 0;

    private Egl() {}

    /** Throws {@link GlException} where there is no EGL. */
    static void load() throws GlException {
        try {
            Objects.requireNonNull(EGL.getCapabilities());
        } catch (LinkageError | IllegalStateException | NullPointerException e) {
            throw new GlException(
                    "there is no EGL: libEGL.so.1 (libegl1 on Debian), or LWJGL's own native library, cannot be loaded;"
                            + " where native access is refused it is --enable-native-access=ALL-UNNAMED that is missing",
                    e);
        }
    }

    /** Returns the devices that EGL can draw with, none if it cannot tell. */
    static long[] devices() {
        if (EGL.getCapabilities().eglQueryDevicesEXT == 0) {
            return new long[0];
        }
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            if (!EXTDeviceEnumeration.eglQueryDevicesEXT(null, count)) {
                return new long[0];
            }
            PointerBuffer found = stack.mallocPointer(Math.max(1, count.get(0)));
            if (!EXTDeviceEnumeration.eglQueryDevicesEXT(found, count)) {
                return new long[0];
            }
            long[] devices = new long[count.get(0)];
            Arrays.setAll(devices, found::get);
            return devices;
        }
    }

    /** Returns whether a device draws with the processor. */
    static boolean isSoftware(long device) {
        long query = EGL.getCapabilities().eglQueryDeviceStringEXT;
        long text = query == 0 ? NONE : JNI.callPP(device, EGL_EXTENSIONS, query);
        return text != NONE && has(MemoryUtil.memASCII(text), SOFTWARE_DEVICE);
    }

    /** Returns the display of a device, 0 if there is none. */
    static long display(long device) {
        return JNI.callPPP(PLATFORM_DEVICE, device, NONE, EGL.getCapabilities().eglGetPlatformDisplay);
    }

    /** Returns the device of a display, 0 if EGL cannot tell. */
    static long device(long display) {
        long query = EGL.getCapabilities().eglQueryDisplayAttribEXT;
        if (query == 0) {
            return NONE;
        }
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer found = stack.callocPointer(1);
            return JNI.callPPI(display, DEVICE, found.address(), query) == EGL_TRUE ? found.get(0) : NONE;
        }
    }

    /** Returns whether a list of words has a word. */
    static boolean has(@Nullable String words, String word) {
        return words != null && Arrays.asList(words.split(" ")).contains(word);
    }

    /** Returns the address of a function, or throws {@link GlException} where it is missing. */
    static long function(String name) throws GlException {
        long address = eglGetProcAddress(name);
        if (address == NONE) {
            throw new GlException("EGL has no " + name);
        }
        return address;
    }

    /**
     * Makes an image. {@code eglCreateImageKHR}.
     *
     * @param context 0 for none
     * @param buffer what it is made of, 0 for what the attributes say
     * @return 0 if EGL refuses it
     */
    static long createImage(long display, long context, int target, long buffer, IntBuffer attributes)
            throws GlException {
        return JNI.callPPPPP(
                display, context, target, buffer, MemoryUtil.memAddress(attributes), function("eglCreateImageKHR"));
    }

    static void destroyImage(long display, long image) throws GlException {
        if (JNI.callPPI(display, image, function("eglDestroyImageKHR")) != EGL_TRUE) {
            throw new GlException("eglDestroyImageKHR: " + error());
        }
    }

    /** Returns the last error of this thread, as EGL calls it. */
    static String error() {
        int code = eglGetError();
        return switch (code) {
            case EGL_SUCCESS -> "EGL_SUCCESS";
            case EGL_NOT_INITIALIZED -> "EGL_NOT_INITIALIZED";
            case EGL_BAD_ACCESS -> "EGL_BAD_ACCESS";
            case EGL_BAD_ALLOC -> "EGL_BAD_ALLOC";
            case EGL_BAD_ATTRIBUTE -> "EGL_BAD_ATTRIBUTE";
            case EGL_BAD_CONFIG -> "EGL_BAD_CONFIG";
            case EGL_BAD_DISPLAY -> "EGL_BAD_DISPLAY";
            case EGL_BAD_MATCH -> "EGL_BAD_MATCH";
            case EGL_BAD_PARAMETER -> "EGL_BAD_PARAMETER";
            default -> "EGL error 0x" + Integer.toHexString(code);
        };
    }
}

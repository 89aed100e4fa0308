/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Something a test needs of the machine that not every machine has. */
public enum TestCapability {
    /** Linux, with its {@code /proc}. */
    LINUX("runs on Linux only") {
        @Override
        boolean isThere() {
            return System.getProperty("os.name").startsWith("Linux") && Files.isDirectory(Path.of("/proc/self/fd"));
        }
    },
    /** The right to act as another user, and {@code setpriv} to do so. */
    OTHER_USER("needs root and setpriv to act as another user") {
        @Override
        boolean isThere() {
            return LINUX.isThere() && isRoot() && isProgram("setpriv");
        }
    },
    /** {@code prlimit}, to run a process with few descriptors. */
    PRLIMIT("needs prlimit") {
        @Override
        boolean isThere() {
            return LINUX.isThere() && isProgram("prlimit");
        }
    },
    /** The right to make a control group with little memory. */
    MEMORY_GROUP("needs root and control groups of version 1") {
        @Override
        boolean isThere() {
            return LINUX.isThere() && isRoot() && MemoryGroup.parent().isPresent();
        }
    },
    /** EGL, and a driver that draws without a screen. */
    OPENGL("needs OpenGL without a screen: libegl1 and libgl1-mesa-dri on Debian") {
        @Override
        boolean isThere() {
            try {
                NativeLibrary egl = NativeLibrary.getInstance("libEGL.so.1");
                Pointer display = egl.getFunction("eglGetPlatformDisplay")
                        .invokePointer(new Object[] {EGL_PLATFORM_SURFACELESS, Pointer.NULL, Pointer.NULL});
                return egl.getFunction("eglInitialize").invokeInt(new Object[] {display, Pointer.NULL, Pointer.NULL})
                        == 1;
            } catch (UnsatisfiedLinkError e) {
                return false;
            }
        }
    },
    /** A kernel that makes dma-bufs, and the right to ask it. */
    DMA_BUF("needs /dev/dma_heap/system or /dev/udmabuf") {
        @Override
        boolean isThere() {
            return DMA_HEAP.isThere() || UDMABUF.isThere();
        }
    },
    /** A kernel that allocates dma-bufs. */
    DMA_HEAP("needs /dev/dma_heap/system") {
        @Override
        boolean isThere() {
            return isUsable("/dev/dma_heap/system");
        }
    },
    /** A kernel that makes dma-bufs of memory that is there. */
    UDMABUF("needs /dev/udmabuf") {
        @Override
        boolean isThere() {
            return isUsable("/dev/udmabuf");
        }
    };

    private static final int EGL_PLATFORM_SURFACELESS = 0x31DD;

    private final String reason;

    TestCapability(String reason) {
        this.reason = reason;
    }

    abstract boolean isThere();

    /** Returns why a test that needs this is skipped where it is not there. */
    String reason() {
        return reason;
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isUsable(String device) {
        return Files.isReadable(Path.of(device)) && Files.isWritable(Path.of(device));
    }

    private static boolean isProgram(String name) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }
}

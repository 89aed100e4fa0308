/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The probe is worth something only if it sees what is wrong. */
@Timeout(120)
final class BindingProbeTest {
    private static List<String> probe(Class<?> mapping, Path folder) throws Exception {
        return BindingProbe.differences(mapping, StubLibrary.compile(folder, List.of(mapping), List.of()));
    }

    /** Every width, both register classes, results of each, and more parameters than there are registers. */
    private static final class Mixed {
        static native void glClearColor(float red, float green, float blue, float alpha);

        static native double CFAbsoluteTimeGetCurrent();

        static native int CFRunLoopRunInMode(long mode, double seconds, byte returnAfterSourceHandled);

        static native byte CFNumberGetValue(long number, long type, long value);

        static native short CFStringGetCharacterAtIndex(long string, long index);

        static native void CFRelease(long cf);

        static native int CGLTexImageIOSurface2D(
                long ctx,
                int target,
                int internal_format,
                int width,
                int height,
                int format,
                int type,
                long ioSurface,
                int plane);
    }

    @Test
    void everythingArrivesThroughARightMapping(@TempDir Path folder) throws Exception {
        assertEquals(List.of(), probe(Mixed.class, folder));
    }

    private static final class NarrowPointer {
        static native int mach_port_type(int task, int name, int ptype);
    }

    @Test
    void aPointerThatLostItsUpperHalfIsSeen(@TempDir Path folder) throws Exception {
        List<String> differences = probe(NarrowPointer.class, folder);

        assertEquals("mach_port_type: parameter 2 has 8 bytes in C, 4 in Java", differences.get(0));
        assertTrue(differences.get(1).contains("arrived"), differences.get(1));
    }

    private static final class IntegerForFloating {
        static native long CFDateCreate(long allocator, long at);
    }

    @Test
    void aNumberInTheWrongRegisterIsSeen(@TempDir Path folder) throws Exception {
        List<String> differences = probe(IntegerForFloating.class, folder);

        assertEquals(1, differences.size());
        assertTrue(differences.get(0).startsWith("CFDateCreate: parameter 1: "), differences.get(0));
    }

    private static final class NarrowResult {
        static native int IOSurfaceGetWidth(long buffer);
    }

    @Test
    void aResultThatLostItsUpperHalfIsSeen(@TempDir Path folder) throws Exception {
        List<String> differences = probe(NarrowResult.class, folder);

        assertEquals("IOSurfaceGetWidth: result has 8 bytes in C, 4 in Java", differences.get(0));
        assertEquals(2, differences.size());
    }

    private static final class SwappedParameters {
        static native int mach_port_construct(long options, int task, long context, long name);
    }

    @Test
    void parametersInTheWrongOrderAreSeen(@TempDir Path folder) throws Exception {
        assertTrue(probe(SwappedParameters.class, folder)
                .contains("mach_port_construct: parameter 0 has 4 bytes in C, 8 in Java"));
    }

    private static final class MissingParameter {
        static native int mach_port_type(int task, int name);
    }

    @Test
    void aMissingParameterIsSeen(@TempDir Path folder) throws Exception {
        assertEquals(
                List.of("mach_port_type: declares 2 parameters, not i32(u32,u32,pointer)"),
                probe(MissingParameter.class, folder));
    }
}

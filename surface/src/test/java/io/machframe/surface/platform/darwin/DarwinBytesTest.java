/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The bytes of a surface: where they are, and how long they keep it. */
@DisabledOnOs(value = OS.MAC, disabledReason = "other tests of this JVM need the real frameworks")
final class DarwinBytesTest extends StubbedFrameworks {
    private final Memory memory = new Memory(4096);

    private void giveTheSurfaceItsMemory() {
        memory.clear();
        library.answer("IOSurfaceGetBaseAddress", Pointer.nativeValue(memory));
        library.answer("IOSurfaceGetAllocSize", memory.size());
    }

    @Test
    void theBytesAreTheMemoryItself() {
        giveTheSurfaceItsMemory();

        ByteBuffer bytes = calls.bytes(SURFACE, 0, 4096);
        bytes.putInt(4092, 0x12345678);

        assertEquals(4096, bytes.capacity());
        assertEquals(ByteOrder.LITTLE_ENDIAN, bytes.order());
        assertEquals(0x78, memory.getByte(4092));
    }

    @Test
    @Timeout(60)
    void theBytesKeepTheSurfaceUntilTheyAreCollected() throws Exception {
        giveTheSurfaceItsMemory();

        List<ByteBuffer> held = new ArrayList<>();
        held.add(calls.bytes(SURFACE, 1024, 1024));
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(Map.of(SURFACE, 1), stub.references());
        assertEquals(1024, held.get(0).capacity());

        held.clear();
        while (stub.references().get(SURFACE) != 0) {
            System.gc();
            Thread.sleep(10);
        }
    }

    @Test
    void aSurfaceWithoutMemoryHasNoBytes() {
        library.answer("IOSurfaceGetAllocSize", 4096);

        assertEquals(0, calls.bytes(SURFACE, 0, 4096).capacity());
        assertEquals(Map.of(), stub.references());
    }

    @Test
    void bytesBehindTheEndAreRefused() {
        giveTheSurfaceItsMemory();

        assertThrows(IndexOutOfBoundsException.class, () -> calls.bytes(SURFACE, 1, 4096));
        assertThrows(IndexOutOfBoundsException.class, () -> calls.bytes(SURFACE, -1, 1));

        assertEquals(Map.of(), stub.references());
    }

    @Test
    void theBytesOfALargeSurfaceAreShownInParts() {
        giveTheSurfaceItsMemory();
        library.answer("IOSurfaceGetBaseAddress", Pointer.nativeValue(memory) - 0x1_0000_0000L);
        library.answer("IOSurfaceGetAllocSize", 0x1_0000_1000L);

        calls.bytes(SURFACE, 0x1_0000_0000L, 4096).put(1, (byte) 5);

        assertEquals(5, memory.getByte(1));
    }
}

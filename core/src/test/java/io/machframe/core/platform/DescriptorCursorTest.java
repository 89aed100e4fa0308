/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.DescriptorCursor.Fault;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The walk over the descriptors of a message, whoever wrote them. */
class DescriptorCursorTest {
    private static final int CAPACITY = 256;
    private static final int DESCRIPTORS = MessageLayout.DESCRIPTORS;

    private final MessageBuffer message = new MessageBuffer(ByteBuffer.allocate(CAPACITY), 0);
    private final DescriptorCursor cursor = new DescriptorCursor();

    @BeforeEach
    void garbage() {
        for (int i = 0; i < CAPACITY; i++) {
            message.bytes().put(i, (byte) 0xa5);
        }
    }

    @Test
    void aSimpleMessageHasNoDescriptorsAndABodyBehindItsHeader() {
        message.bytes().putInt(MessageLayout.BITS, 0);
        cursor.wrap(message, 64);
        assertFalse(cursor.next());
        assertEquals(Fault.NONE, cursor.fault());
        assertEquals(0, cursor.count());
        assertEquals(MessageLayout.HEADER_SIZE, cursor.end());
    }

    @Test
    void aComplexMessageMayHaveNoDescriptors() {
        announce(0);
        assertFalse(cursor.wrap(message, DESCRIPTORS).next());
        assertEquals(Fault.NONE, cursor.fault());
        assertEquals(DESCRIPTORS, cursor.end());
    }

    @Test
    void everyTypeIsReadAsItWasWritten() {
        announce(3);
        cursor.beginWriting(message, DESCRIPTORS);
        cursor.putPort(0x1203, Mach.MACH_MSG_TYPE_MAKE_SEND);
        cursor.putMemory(0x7fff_0000_1000L, 0x8000_0000, true);
        cursor.putArray(0x1234_5678_9abcL, 7, Mach.MACH_MSG_TYPE_COPY_SEND);
        assertEquals(DESCRIPTORS + 12 + 16 + 16, cursor.end());

        cursor.wrap(message, CAPACITY);
        assertTrue(cursor.next());
        assertEquals(MessageLayout.TYPE_PORT, cursor.type());
        assertTrue(cursor.isPort());
        assertFalse(cursor.isMemory());
        assertEquals(0x1203, cursor.name());
        assertEquals(Mach.MACH_MSG_TYPE_MAKE_SEND, cursor.disposition());
        assertEquals(0, message.bytes().getInt(DESCRIPTORS + 4));
        assertEquals(0, message.bytes().getShort(DESCRIPTORS + 8));

        assertTrue(cursor.next());
        assertEquals(MessageLayout.TYPE_OOL, cursor.type());
        assertFalse(cursor.isPort());
        assertTrue(cursor.isMemory());
        assertEquals(0x7fff_0000_1000L, cursor.address());
        assertEquals(0x8000_0000L, cursor.size());
        assertTrue(cursor.deallocates());
        assertEquals(Mach.MACH_MSG_VIRTUAL_COPY, cursor.copyOption());

        assertTrue(cursor.next());
        assertEquals(MessageLayout.TYPE_OOL_PORTS, cursor.type());
        assertFalse(cursor.isMemory());
        assertEquals(7, cursor.size());
        assertEquals(Mach.MACH_MSG_TYPE_COPY_SEND, cursor.disposition());
        assertEquals(2, cursor.index());

        assertFalse(cursor.next());
        assertEquals(Fault.NONE, cursor.fault());
        assertEquals(DESCRIPTORS + 12 + 16 + 16, cursor.end());
    }

    @Test
    void volatileMemoryAndGuardedPortsAreKnownTypes() {
        announce(2);
        type(DESCRIPTORS, MessageLayout.TYPE_OOL_VOLATILE);
        type(DESCRIPTORS + 16, MessageLayout.TYPE_GUARDED_PORT);
        message.bytes().putInt(DESCRIPTORS + 16 + MessageLayout.GUARDED_NAME, 0x903);
        cursor.wrap(message, DESCRIPTORS + 32);
        assertTrue(cursor.next());
        assertTrue(cursor.isMemory());
        assertTrue(cursor.next());
        assertTrue(cursor.isPort());
        assertEquals(0x903, cursor.name());
        cursor.name(0xb03);
        assertEquals(0xb03, message.bytes().getInt(DESCRIPTORS + 16 + MessageLayout.GUARDED_NAME));
    }

    @Test
    void whatIsSetIsWhatIsRead() {
        announce(2);
        type(DESCRIPTORS, MessageLayout.TYPE_PORT);
        type(DESCRIPTORS + 12, MessageLayout.TYPE_OOL);
        cursor.wrap(message, DESCRIPTORS + 28);
        cursor.next();
        cursor.name(0x77);
        cursor.disposition(Mach.MACH_MSG_TYPE_MOVE_RECEIVE);
        assertEquals(0x77, cursor.name());
        assertEquals(Mach.MACH_MSG_TYPE_MOVE_RECEIVE, cursor.disposition());
        cursor.next();
        cursor.address(-1);
        cursor.size(12);
        cursor.deallocates(false);
        cursor.copyOption(Mach.MACH_MSG_PHYSICAL_COPY);
        assertEquals(-1, cursor.address());
        assertEquals(12, cursor.size());
        assertFalse(cursor.deallocates());
        assertEquals(Mach.MACH_MSG_PHYSICAL_COPY, cursor.copyOption());
        assertEquals(MessageLayout.TYPE_OOL, cursor.type());
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 0x7f, 0x80, 0xff})
    void anUnknownTypeEndsTheWalkBeforeIt(int unknown) {
        announce(2);
        type(DESCRIPTORS, MessageLayout.TYPE_PORT);
        type(DESCRIPTORS + 12, unknown);
        cursor.wrap(message, CAPACITY);
        assertTrue(cursor.next());
        assertFalse(cursor.next());
        assertEquals(Fault.UNKNOWN_TYPE, cursor.fault());
        assertEquals(0, cursor.index());
        assertFalse(cursor.next());
    }

    @Test
    void aDescriptorThatLacksOneByteEndsTheWalkBeforeIt() {
        announce(1);
        type(DESCRIPTORS, MessageLayout.TYPE_PORT);
        assertTrue(cursor.wrap(message, DESCRIPTORS + 12).next());
        assertFalse(cursor.wrap(message, DESCRIPTORS + 11).next());
        assertEquals(Fault.TRUNCATED, cursor.fault());
        type(DESCRIPTORS, MessageLayout.TYPE_OOL);
        assertTrue(cursor.wrap(message, DESCRIPTORS + 16).next());
        assertFalse(cursor.wrap(message, DESCRIPTORS + 15).next());
        assertEquals(Fault.TRUNCATED, cursor.fault());
        assertEquals(DESCRIPTORS, cursor.end());
    }

    @Test
    void theLastDescriptorMustNotOverlapWhatFollowsTheMessage() {
        announce(2);
        type(DESCRIPTORS, MessageLayout.TYPE_OOL);
        type(DESCRIPTORS + 16, MessageLayout.TYPE_OOL_PORTS);
        cursor.wrap(message, DESCRIPTORS + 28);
        assertTrue(cursor.next());
        assertFalse(cursor.next());
        assertEquals(Fault.TRUNCATED, cursor.fault());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 1000, Integer.MAX_VALUE})
    void moreDescriptorsThanTheBodyHasSpaceForEndTheWalk(int count) {
        announce(count);
        type(DESCRIPTORS, MessageLayout.TYPE_PORT);
        type(DESCRIPTORS + 12, MessageLayout.TYPE_PORT);
        cursor.wrap(message, DESCRIPTORS + 24);
        assertTrue(cursor.next());
        assertTrue(cursor.next());
        assertFalse(cursor.next());
        assertEquals(Fault.TRUNCATED, cursor.fault());
        assertEquals(count, cursor.count());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE})
    void aNegativeNumberOfDescriptorsIsAFault(int count) {
        announce(count);
        assertFalse(cursor.wrap(message, CAPACITY).next());
        assertEquals(Fault.TRUNCATED, cursor.fault());
    }

    @Test
    void aComplexMessageWithoutSpaceForTheNumberIsAFault() {
        announce(0);
        assertFalse(cursor.wrap(message, MessageLayout.HEADER_SIZE).next());
        assertEquals(Fault.TRUNCATED, cursor.fault());
    }

    @Test
    void seekGoesForwardAndBack() {
        announce(3);
        cursor.beginWriting(message, DESCRIPTORS);
        cursor.putPort(10, Mach.MACH_MSG_TYPE_COPY_SEND);
        cursor.putMemory(11, 0, false);
        cursor.putPort(12, Mach.MACH_MSG_TYPE_COPY_SEND);
        cursor.wrap(message, CAPACITY);
        assertEquals(12, cursor.seek(2).name());
        assertEquals(10, cursor.seek(0).name());
        assertEquals(11, cursor.seek(1).address());
        assertEquals(1, cursor.seek(1).index());
        assertThrows(IndexOutOfBoundsException.class, () -> cursor.seek(3));
        assertThrows(IndexOutOfBoundsException.class, () -> cursor.seek(-1));
    }

    @Test
    void clearingLeavesANullPortOfTheSameSize() {
        announce(3);
        cursor.beginWriting(message, DESCRIPTORS);
        cursor.putPort(10, Mach.MACH_MSG_TYPE_COPY_SEND);
        cursor.putMemory(0x1000, 16, false);
        cursor.putArray(0x2000, 3, Mach.MACH_MSG_TYPE_COPY_SEND);
        for (cursor.wrap(message, CAPACITY); cursor.next(); ) {
            cursor.clear();
        }
        int end = cursor.end();
        assertEquals(DESCRIPTORS + 12 + 16 + 16, end);
        for (cursor.rewind(); cursor.next(); ) {
            assertTrue(cursor.isPort());
            assertEquals(Mach.MACH_PORT_NULL, cursor.name());
        }
        assertEquals(end, cursor.end());
        assertEquals(Fault.NONE, cursor.fault());
    }

    @Test
    void theNamesOfAnArrayAreWalkedWhereverTheyBegin() {
        cursor.beginWriting(message, 100);
        cursor.putPort(1, Mach.MACH_MSG_TYPE_MOVE_SEND);
        cursor.putPort(2, Mach.MACH_MSG_TYPE_MOVE_SEND);
        cursor.wrapArray(message, 100, 2);
        assertTrue(cursor.next());
        assertEquals(1, cursor.name());
        assertTrue(cursor.next());
        assertEquals(2, cursor.name());
        assertFalse(cursor.next());
        assertEquals(124, cursor.end());
    }

    private void announce(int count) {
        message.bytes().putInt(MessageLayout.BITS, MessageLayout.BITS_COMPLEX);
        message.bytes().putInt(MessageLayout.DESCRIPTOR_COUNT, count);
    }

    private void type(int descriptor, int type) {
        message.bytes().put(descriptor + MessageLayout.DESCRIPTOR_TYPE, (byte) type);
    }
}

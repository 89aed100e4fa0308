/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.linux.libc.Descriptor;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Places of a queue: as a count that two map, and as many senders use them. */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class CreditPageTest {
    private final MessageBuffer ends = NativeMemory.allocate(8);
    private CreditPage receiver;
    private CreditPage sender;

    @BeforeEach
    void make() throws Exception {
        assertEquals(0, LibC.socketpair(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0, ends.address()));
        assertNull(CreditPage.find(sendEnd()));
        receiver = CreditPage.create(ends.bytes().getInt(4), 3);
        sender = CreditPage.find(sendEnd());
        assertNotNull(sender);
    }

    @AfterEach
    void close() throws Exception {
        long mapped = pages();
        receiver.close();
        sender.close();
        assertEquals(mapped - 2, pages());
        LibC.close(sendEnd());
        LibC.close(ends.bytes().getInt(4));
    }

    /** Returns how many pages of queues this process has mapped. */
    private static long pages() throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.contains("memfd:machframe-queue")).count();
        }
    }

    /** The page goes with the last of those that use it. */
    @Test
    void aPortLeavesNoPageBehind() throws Exception {
        long before = pages();
        for (int i = 0; i < 100; i++) {
            SocketReceiveEnd end = (SocketReceiveEnd) new LinuxTransport().createPort(1);
            SocketSendEnd here = (SocketSendEnd) end.makeSend();
            SocketSendEnd there = anotherOf(here);
            assertEquals(KernReturn.KERN_SUCCESS, here.send(message(), 0, false));
            assertEquals(KernReturn.MACH_SEND_TIMED_OUT, there.send(message(), 0, false));
            here.close();
            end.close();
            assertEquals(KernReturn.MACH_SEND_INVALID_DEST, there.send(message(), 0, false));
            there.close();
        }
        assertEquals(before, pages());
    }

    /** Returns a right as it would be if it had come from elsewhere. */
    private static SocketSendEnd anotherOf(SocketSendEnd right) {
        return new SocketSendEnd(
                Descriptor.duplicate(right.fd(0)),
                Descriptor.duplicate(right.fd(1)),
                (Long) right.identity(),
                null,
                true);
    }

    private int sendEnd() {
        return ends.bytes().getInt(0);
    }

    private void takeAll(int places) {
        for (int i = 0; i < places; i++) {
            assertTrue(sender.hasRoom());
            assertTrue(sender.take());
        }
        assertFalse(sender.hasRoom());
        assertFalse(sender.take());
    }

    @Test
    void asManyAsTheLimitAreTaken() {
        takeAll(3);
        assertEquals(3, receiver.taken());
        assertEquals(0, receiver.release(2, 3));
        assertEquals(1, receiver.taken());
        takeAll(2);
    }

    @Test
    void aFreePlaceIsHandedToWhoWaits() {
        takeAll(3);
        assertFalse(sender.takeOrWait());
        assertFalse(sender.takeOrWait());
        assertEquals(1, receiver.release(1, 3));
        assertEquals(3, receiver.taken());
        assertFalse(sender.take());
        sender.leave();
        assertEquals(0, receiver.release(1, 3));
        assertTrue(sender.take());
    }

    @Test
    void whoGivesUpAPlaceHandsItOn() {
        takeAll(3);
        assertFalse(sender.takeOrWait());
        assertEquals(1, sender.release());
        receiver.free(1); // it could not be handed over
        assertTrue(sender.takeOrWait());
    }

    @Test
    void aLowerLimitLetsNobodyInAndAHigherOneThoseThatWait() {
        takeAll(3);
        assertFalse(sender.takeOrWait());
        assertFalse(sender.takeOrWait());
        assertEquals(0, receiver.release(0, 1));
        assertEquals(0, receiver.release(1, 1));
        assertEquals(0, receiver.release(1, 1));
        assertEquals(1, receiver.release(1, 1));
        assertEquals(1, receiver.release(0, 1024));
        takeAll(1022);
    }

    @Test
    void moreThanThereAreAreNeverGivenBack() {
        assertEquals(0, receiver.release(5, 3));
        sender.leave();
        takeAll(3);
        receiver.free(9);
        takeAll(3);
    }

    /** Each thread of two tasks sends through its own task's right; all messages come, and no more than fit at a time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void manySendersGetTheirTurn(int limit) throws Exception {
        SocketReceiveEnd end = (SocketReceiveEnd) new LinuxTransport().createPort(limit);
        SocketSendEnd here = (SocketSendEnd) end.makeSend();
        SocketSendEnd there = anotherOf(here);
        int each = 500;
        AtomicInteger failed = new AtomicInteger();
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            SocketSendEnd right = i % 2 == 0 ? here : there;
            CompletableFuture<Void> done = new CompletableFuture<>();
            senders.add(done);
            new Thread(() -> {
                        for (int j = 0; j < each; j++) {
                            failed.addAndGet(right.send(message(), -1, false));
                        }
                        done.complete(null);
                    })
                    .start();
        }
        Parcel parcel = new Parcel();
        MessageBuffer buffer = NativeMemory.allocate(256);
        for (int i = 0; i < 16 * each; i++) {
            assertTrue(end.queued() <= limit);
            parcel.begin(buffer, 0);
            assertEquals(KernReturn.KERN_SUCCESS, end.receive(parcel, 256, false, -1, false));
        }
        for (CompletableFuture<Void> done : senders) {
            done.get();
        }
        assertEquals(0, failed.get());
        for (int i = 0; i < limit; i++) {
            assertEquals(KernReturn.KERN_SUCCESS, there.send(message(), 0, false));
        }
        assertEquals(KernReturn.MACH_SEND_TIMED_OUT, here.send(message(), 0, false));
        here.close();
        there.close();
        end.close();
    }

    private static Parcel message() {
        MessageBuffer bytes = NativeMemory.allocate(MessageLayout.HEADER_SIZE);
        bytes.bytes().putInt(MessageLayout.BITS, Mach.MACH_MSG_TYPE_PORT_SEND);
        Parcel parcel = new Parcel();
        parcel.begin(bytes, MessageLayout.HEADER_SIZE);
        return parcel;
    }
}

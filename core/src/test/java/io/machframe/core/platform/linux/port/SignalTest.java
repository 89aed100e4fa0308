/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.MACH_RCV_TIMED_OUT;
import static io.machframe.core.error.KernReturn.MACH_SEND_TIMED_OUT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A thread that signals hit every few milliseconds while it waits: if a wait began anew after each, none would end before
 * the signals do, and they end with the wait.
 */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class SignalTest {
    private static final int LIMIT_MILLIS = 300;

    private final MachCalls calls = new MachKernel(new LinuxTransport());
    private final int[] port = new int[1];
    private final MessageBuffer buffer = calls.newBuffer(256);

    @BeforeEach
    void open() {
        assertEquals(
                KernReturn.KERN_SUCCESS, calls.construct(Mach.MPO_INSERT_SEND_RIGHT | Mach.MPO_QLIMIT, 0, 0, port));
    }

    @AfterEach
    void close() {
        assertEquals(KernReturn.KERN_SUCCESS, calls.modRefs(port[0], Mach.MACH_PORT_RIGHT_RECEIVE, -1));
    }

    @Test
    void signalsDoNotStretchAReceive() throws Exception {
        assertEquals(MACH_RCV_TIMED_OUT, underSignals(() -> receive(port[0])));
    }

    @Test
    void signalsDoNotStretchAReceiveFromASet() throws Exception {
        int[] set = new int[1];
        assertEquals(KernReturn.KERN_SUCCESS, calls.allocate(Mach.MACH_PORT_RIGHT_PORT_SET, set));
        assertEquals(KernReturn.KERN_SUCCESS, calls.insertMember(port[0], set[0]));
        assertEquals(MACH_RCV_TIMED_OUT, underSignals(() -> receive(set[0])));
        assertEquals(KernReturn.KERN_SUCCESS, calls.modRefs(set[0], Mach.MACH_PORT_RIGHT_PORT_SET, -1));
    }

    /** The queue takes nothing. */
    @Test
    void signalsDoNotStretchASend() throws Exception {
        buffer.bytes().putInt(MessageLayout.BITS, Mach.MACH_MSG_TYPE_MAKE_SEND);
        buffer.bytes().putInt(MessageLayout.REMOTE_PORT, port[0]);
        int options = Mach.MACH_SEND_MSG | Mach.MACH_SEND_TIMEOUT;
        assertEquals(
                MACH_SEND_TIMED_OUT,
                underSignals(() -> calls.message(buffer, options, MessageLayout.HEADER_SIZE, 0, 0, LIMIT_MILLIS)));
    }

    private int receive(int name) {
        int options = Mach.MACH_RCV_MSG | Mach.MACH_RCV_TIMEOUT;
        return calls.message(buffer, options, 0, buffer.capacity(), name, LIMIT_MILLIS);
    }

    /** Returns what a call answers in a thread that is hit by signals until it returns; it is not early. */
    private static int underSignals(IntSupplier call) throws Exception {
        CompletableFuture<Integer> threadId = new CompletableFuture<>();
        CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> {
            threadId.complete(HostileLibC.gettid());
            long start = System.nanoTime();
            int code = call.getAsInt();
            assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS));
            return code;
        });
        int hit = threadId.get();
        int signals = 0;
        while (!answer.isDone()) {
            assertEquals(0, HostileLibC.tgkill(LibC.getpid(), hit, HostileLibC.SIGUSR2));
            signals++;
            Thread.sleep(5);
        }
        assertTrue(signals > 1);
        return answer.get();
    }
}

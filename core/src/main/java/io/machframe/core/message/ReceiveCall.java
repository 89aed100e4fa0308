/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.MessageTooLargeException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.MessageSource;
import java.lang.ref.Reference;
import java.time.Duration;

/** The receiving half of {@code mach_msg}, repeated until there is a message or a reason that there is none. */
final class ReceiveCall {
    private static final PortAccess ACCESS = PortAccess.get();

    /** Instead of milliseconds: wait without a limit, until the thread is interrupted. */
    static final int NO_LIMIT = -1;

    /** Instead of milliseconds: do not wait and do not look at the thread's interrupt status. */
    static final int NO_WAIT = -2;

    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    private ReceiveCall() {}

    /** Returns the options of the call, with the whole trailer. */
    static int options(int millis, OversizePolicy whenTooLarge) {
        return Mach.MACH_RCV_MSG
                | Mach.MACH_RCV_TRAILER_CTX_BITS
                | (whenTooLarge == OversizePolicy.ERROR ? 0 : Mach.MACH_RCV_LARGE)
                | switch (millis) {
                    case NO_LIMIT -> Mach.MACH_RCV_INTERRUPT;
                    case NO_WAIT -> Mach.MACH_RCV_TIMEOUT;
                    default -> Mach.MACH_RCV_TIMEOUT | Mach.MACH_RCV_INTERRUPT;
                };
    }

    /**
     * Receives into {@code contents}.
     *
     * @param millis {@link #NO_LIMIT}, {@link #NO_WAIT} or a number of milliseconds
     * @return whether a message came in time
     */
    static boolean run(Contents contents, MessageSource port, int millis, OversizePolicy whenTooLarge)
            throws MachException, InterruptedException {
        long end = end(millis);
        try {
            return settle(contents, port, millis, end, whenTooLarge, once(contents, port, millis, whenTooLarge));
        } finally {
            Reference.reachabilityFence(port); // not pinned, because its close ends the wait
        }
    }

    /** Receives, without a limit, where a combined call sent its message and answered {@code code}. */
    static void goOn(Contents contents, MessageSource port, int code) throws MachException, InterruptedException {
        settle(contents, port, NO_LIMIT, 0, OversizePolicy.GROW, code);
    }

    private static boolean settle(
            Contents contents, MessageSource port, int millis, long end, OversizePolicy whenTooLarge, int first)
            throws MachException, InterruptedException {
        int code = first;
        while (code != KernReturn.KERN_SUCCESS) {
            if (isDelivered(code)) {
                throw destroyed(contents, code);
            }
            if (code == KernReturn.MACH_RCV_TIMED_OUT) {
                return false;
            }
            switch (code) {
                case KernReturn.MACH_RCV_TOO_LARGE -> makeSpace(contents, whenTooLarge);
                case KernReturn.MACH_RCV_INTERRUPTED -> checkInterrupt();
                default -> throw failure(port, code);
            }
            code = once(contents, port, remaining(end, millis), whenTooLarge);
        }
        contents.received();
        return true;
    }

    private static int once(Contents contents, MessageSource port, int millis, OversizePolicy whenTooLarge) {
        int options = options(millis, whenTooLarge);
        MessageBuffer buffer = contents.buffer;
        return ACCESS.calls(contents.task)
                .message(buffer, options, 0, buffer.capacity(), ACCESS.receiveName(port), Math.max(millis, 0));
    }

    private static void makeSpace(Contents contents, OversizePolicy whenTooLarge) throws MessageTooLargeException {
        int needed = contents.bytes().getInt(MessageLayout.SIZE) + MessageLayout.MAX_TRAILER_SIZE;
        if (whenTooLarge != OversizePolicy.GROW) {
            throw new MessageTooLargeException("mach_msg", needed);
        }
        contents.grow(needed);
    }

    private static MachException destroyed(Contents contents, int code) throws MachException {
        contents.received();
        ReceivedMessage.of(contents).close();
        return MachException.of("mach_msg", new KernReturn(code));
    }

    private static MachException failure(MessageSource port, int code) {
        // A right that was closed just before the call is as one that was closed just after.
        boolean closed = code == KernReturn.MACH_RCV_INVALID_NAME && !port.isOpen();
        return MachException.of("mach_msg", new KernReturn(closed ? KernReturn.MACH_RCV_PORT_CHANGED : code));
    }

    /** With these codes the message is there, but for want of room not all that was in it. */
    private static boolean isDelivered(int code) {
        int plain = new KernReturn(code).withoutSpecialBits().code();
        return plain == KernReturn.MACH_RCV_HEADER_ERROR || plain == KernReturn.MACH_RCV_BODY_ERROR;
    }

    /** The call was interrupted: by {@link Thread#interrupt}, or by what concerns the system alone. */
    static void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while waiting in mach_msg");
        }
    }

    /** Returns what to throw when a call was interrupted that does not wait. */
    static IllegalStateException impossible(InterruptedException e) {
        return new IllegalStateException("a call that does not wait was interrupted", e);
    }

    /** Returns a time limit in whole milliseconds, rounded up. */
    static int millis(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException("a time limit is not negative: " + limit);
        }
        if (limit.compareTo(LONGEST) >= 0) {
            return Integer.MAX_VALUE;
        }
        return (int) limit.plusNanos(999_999).toMillis();
    }

    /** Returns when a time limit that begins now is over, of {@link System#nanoTime}. */
    static long end(int millis) {
        return millis < 0 ? 0 : System.nanoTime() + millis * 1_000_000L;
    }

    /** Returns what is left of a time limit, so that no interruption makes it longer. */
    static int remaining(long end, int millis) {
        return millis < 0 ? millis : (int) Math.max(0, (end - System.nanoTime() + 999_999) / 1_000_000);
    }
}

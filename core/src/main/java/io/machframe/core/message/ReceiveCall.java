/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.MessageTooLargeException;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.MessageSource;
import java.time.Duration;

/** The receiving half of {@code mach_msg}, repeated until there is a message or a reason that there is none. */
final class ReceiveCall {
    /** Stands for no time limit. */
    static final int NO_LIMIT = -1;

    private static final Duration LONGEST = Duration.ofMillis(Integer.MAX_VALUE);

    private ReceiveCall() {}

    /** Returns the options of the call, with the whole trailer. */
    static int options(WhenTooLarge whenTooLarge) {
        return Mach.MACH_RCV_MSG
                | Mach.MACH_RCV_INTERRUPT
                | Mach.MACH_RCV_TRAILER_CTX_BITS
                | (whenTooLarge == WhenTooLarge.ERROR ? 0 : Mach.MACH_RCV_LARGE);
    }

    /**
     * Receives into {@code contents}.
     *
     * @param millis {@link #NO_LIMIT} for none
     * @return whether a message came in time
     */
    static boolean run(Contents contents, MessageSource port, int millis, WhenTooLarge whenTooLarge)
            throws MachException {
        long end = end(millis);
        return settle(contents, port, millis, end, whenTooLarge, once(contents, port, millis, whenTooLarge));
    }

    /** Receives, without a limit, where a combined call sent its message and answered {@code code}. */
    static void goOn(Contents contents, MessageSource port, int code) throws MachException {
        settle(contents, port, NO_LIMIT, 0, WhenTooLarge.GROW, code);
    }

    private static boolean settle(
            Contents contents, MessageSource port, int millis, long end, WhenTooLarge whenTooLarge, int first)
            throws MachException {
        int code = first;
        while (code != KernReturn.KERN_SUCCESS) {
            if (isDelivered(code)) {
                throw destroyed(contents, code);
            }
            if (code == KernReturn.MACH_RCV_TIMED_OUT) {
                return false;
            }
            if (code == KernReturn.MACH_RCV_TOO_LARGE) {
                makeRoom(contents, whenTooLarge);
            } else if (code != KernReturn.MACH_RCV_INTERRUPTED
                    || Thread.currentThread().isInterrupted()) {
                throw failure(port, code);
            }
            code = once(contents, port, remaining(end, millis), whenTooLarge);
        }
        contents.received();
        return true;
    }

    private static int once(Contents contents, MessageSource port, int millis, WhenTooLarge whenTooLarge) {
        int options = options(whenTooLarge) | (millis < 0 ? 0 : Mach.MACH_RCV_TIMEOUT);
        MessageBuffer buffer = contents.buffer;
        return contents.task
                .calls()
                .message(buffer, options, 0, buffer.capacity(), port.receiveName(), Math.max(millis, 0), 0);
    }

    private static void makeRoom(Contents contents, WhenTooLarge whenTooLarge) throws MessageTooLargeException {
        int needed = contents.bytes().getInt(MessageLayout.SIZE) + MessageLayout.MAX_TRAILER_SIZE;
        if (whenTooLarge != WhenTooLarge.GROW) {
            throw new MessageTooLargeException("mach_msg", needed);
        }
        contents.grow(needed);
    }

    private static MachException destroyed(Contents contents, int code) throws MachException {
        contents.received();
        MachMessage.received(contents).close();
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

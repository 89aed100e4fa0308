/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.MessageSource;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * The sending half of {@code mach_msg}, repeated until the message is sent or there is a reason that it is not. Then it is
 * whole again: what the kernel gives back as if it were received (pseudo-receive) is undone here.
 */
final class SendCall {
    private static final PortAccess ACCESS = PortAccess.get();

    /** What the codes of a sending {@code mach_msg} have in common; those of a receiving one begin at 0x10004000. */
    private static final int SEND_CODES = 0x10000000;

    private SendCall() {}

    /**
     * Sends through a send right, which stays the caller's.
     *
     * @param millis as {@link ReceiveCall#run} has it
     * @return whether the queue had space in time
     */
    static boolean run(Contents contents, SendRight destination, int millis)
            throws MachException, InterruptedException {
        int name = ACCESS.pin(destination);
        try {
            int code = send(contents, ACCESS.calls(destination.task()), name, millis);
            if (code == KernReturn.KERN_SUCCESS) {
                sent(contents);
                return true;
            }
            if (code == KernReturn.MACH_SEND_TIMED_OUT) {
                return false;
            }
            throw failure(contents, code);
        } finally {
            ACCESS.unpin(destination);
        }
    }

    private static int send(Contents contents, MachCalls calls, int name, int millis) throws InterruptedException {
        int options = Mach.MACH_SEND_MSG
                | switch (millis) {
                    case ReceiveCall.NO_LIMIT -> Mach.MACH_SEND_INTERRUPT;
                    case ReceiveCall.NO_WAIT -> Mach.MACH_SEND_TIMEOUT | Mach.MACH_SEND_NOTIFY;
                    default -> Mach.MACH_SEND_TIMEOUT | Mach.MACH_SEND_INTERRUPT;
                };
        long end = ReceiveCall.end(millis);
        int left = millis;
        while (true) {
            address(contents, name, Mach.MACH_MSG_TYPE_COPY_SEND);
            int code = calls.message(contents.buffer, options, contents.size, 0, 0, Math.max(left, 0));
            releaseGivenBack(contents, calls, code);
            if (code != KernReturn.MACH_SEND_INTERRUPTED) {
                return code;
            }
            ReceiveCall.checkInterrupt();
            left = ReceiveCall.remaining(end, millis);
        }
    }

    /** Sends through a send-once right, which is spent, whatever the outcome. */
    static void run(Contents contents, SendOnceRight destination) throws MachException {
        MachCalls calls = ACCESS.calls(destination.task());
        address(contents, ACCESS.relinquish(destination), Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE);
        int code = calls.message(contents.buffer, Mach.MACH_SEND_MSG, contents.size, 0, 0, 0);
        if (code == KernReturn.KERN_SUCCESS) {
            sent(contents);
            return;
        }
        MachException failure = failure(contents, code);
        if (!isConsumed(code)) {
            calls.deallocate(contents.bytes().getInt(MessageLayout.REMOTE_PORT));
        }
        throw failure;
    }

    /** Sends, and receives the next message of {@code port} into the same buffer, in one call without a time limit. */
    static Contents runAndReceive(Contents contents, SendRight destination, MessageSource port)
            throws MachException, InterruptedException {
        int name = ACCESS.pin(destination);
        try {
            int code = sendAndReceive(contents, ACCESS.calls(destination.task()), name, ACCESS.receiveName(port));
            if (isSendCode(code)) {
                throw failure(contents, code);
            }
            contents.spend(); // the buffer is the answer's now
            return answer(contents.toReceiveAnswer(), port, code);
        } finally {
            ACCESS.unpin(destination);
            Reference.reachabilityFence(port);
        }
    }

    private static int sendAndReceive(Contents contents, MachCalls calls, int name, int receiveName)
            throws InterruptedException {
        int options = Mach.MACH_SEND_MSG
                | Mach.MACH_SEND_INTERRUPT
                | ReceiveCall.options(ReceiveCall.NO_LIMIT, OversizePolicy.GROW);
        MessageBuffer buffer = contents.buffer;
        while (true) {
            address(contents, name, Mach.MACH_MSG_TYPE_COPY_SEND);
            int code = calls.message(buffer, options, contents.size, buffer.capacity(), receiveName, 0);
            releaseGivenBack(contents, calls, code);
            if (code != KernReturn.MACH_SEND_INTERRUPTED) {
                return code;
            }
            ReceiveCall.checkInterrupt();
        }
    }

    private static Contents answer(Contents answer, MessageSource port, int code)
            throws MachException, InterruptedException {
        boolean came = false;
        try {
            ReceiveCall.goOn(answer, port, code);
            came = true;
            return answer;
        } finally {
            if (!came) {
                answer.giveBack();
            }
        }
    }

    private static boolean isSendCode(int code) {
        return (code & ~0xff) == SEND_CODES;
    }

    private static void address(Contents contents, int name, int disposition) {
        ByteBuffer bytes = contents.bytes();
        int bits = bytes.getInt(MessageLayout.BITS);
        bytes.putInt(MessageLayout.BITS, (bits & ~MessageLayout.BITS_REMOTE_MASK) | disposition);
        bytes.putInt(MessageLayout.REMOTE_PORT, name);
    }

    /** A message that came back as if received brings one more reference to its destination, or none if that died. */
    private static void releaseGivenBack(Contents contents, MachCalls calls, int code) {
        boolean givenBack = code == KernReturn.MACH_SEND_TIMED_OUT
                || code == KernReturn.MACH_SEND_INTERRUPTED
                || code == KernReturn.MACH_SEND_NO_BUFFER;
        ByteBuffer bytes = contents.bytes();
        if (givenBack && MessageLayout.remote(bytes.getInt(MessageLayout.BITS)) == Mach.MACH_MSG_TYPE_MOVE_SEND) {
            calls.deallocate(bytes.getInt(MessageLayout.REMOTE_PORT));
        }
    }

    private static void sent(Contents contents) {
        contents.spend();
        contents.giveBack();
    }

    private static MachException failure(Contents contents, int code) {
        if (isConsumed(code)) {
            sent(contents);
        }
        return MachException.of("mach_msg", new KernReturn(code));
    }

    /** A wrong right or address deep in the message: the kernel destroyed those before it, and none may be released again. */
    private static boolean isConsumed(int code) {
        return code == KernReturn.MACH_SEND_INVALID_RIGHT
                || code == KernReturn.MACH_SEND_INVALID_TYPE
                || code == KernReturn.MACH_SEND_INVALID_MEMORY;
    }
}

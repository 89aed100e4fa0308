/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

import java.io.IOException;

/**
 * A Mach call failed for a reason that a correct program must expect: the peer died, nobody serves the name, the
 * message is too large, the system is out of room.
 *
 * <p>Subtypes exist only where a caller would act differently. Mistakes of the caller (use after close or move, bad
 * arguments) are unchecked exceptions instead.
 */
public class MachException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int code;

    public MachException(String call, KernReturn reason) {
        this(call, reason, call + ": " + reason);
    }

    public MachException(String call, KernReturn reason, String message) {
        super(message);
        this.call = call;
        this.code = reason.code();
    }

    /** Returns the exception of the most specific type for {@code reason}. */
    public static MachException of(String call, KernReturn reason) {
        String message = call + ": " + reason;
        return switch (reason.code()) {
            case KernReturn.MACH_SEND_INVALID_DEST -> new DeadPortException(call, reason, message);
            case KernReturn.BOOTSTRAP_UNKNOWN_SERVICE -> new UnknownServiceException(call, reason, message);
            case KernReturn.BOOTSTRAP_NAME_IN_USE, KernReturn.BOOTSTRAP_SERVICE_ACTIVE ->
                new ServiceActiveException(call, reason, message);
            case KernReturn.MACH_RCV_PORT_CHANGED, KernReturn.MACH_RCV_PORT_DIED ->
                new PortClosedException(call, reason, message);
            case KernReturn.MACH_SEND_INTERRUPTED, KernReturn.MACH_RCV_INTERRUPTED ->
                new InterruptedCallException(call, reason);
            default -> new MachException(call, reason, message);
        };
    }

    /** Returns the name of the C call that failed. */
    public String call() {
        return call;
    }

    /** Returns why it failed. */
    public KernReturn reason() {
        return new KernReturn(code);
    }
}

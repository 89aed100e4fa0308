/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

/**
 * The calling thread was interrupted while it waited in a run loop or a message port, which have the behaviour of
 * CoreFoundation and therefore no {@link InterruptedException}. Its interrupt status stays set; nothing was lost or sent.
 */
public final class InterruptedCallException extends MachException {
    private static final long serialVersionUID = 1L;

    public InterruptedCallException(String call, KernReturn reason) {
        super(call, reason);
    }

    /** Sets the interrupt status again that a waiting call cleared, and returns what to throw instead. */
    public static InterruptedCallException of(InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        InterruptedCallException exception =
                new InterruptedCallException("mach_msg", new KernReturn(KernReturn.MACH_RCV_INTERRUPTED));
        exception.initCause(interrupted);
        return exception;
    }
}

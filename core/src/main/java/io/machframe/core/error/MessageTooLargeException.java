/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

/** A message does not fit the buffer that it was to be received into. */
public final class MessageTooLargeException extends MachException {
    private static final long serialVersionUID = 1L;

    private final int needed;

    /** @param needed how many bytes the buffer would have to have */
    public MessageTooLargeException(String call, int needed) {
        super(
                call,
                new KernReturn(KernReturn.MACH_RCV_TOO_LARGE),
                "a message needs a buffer of " + needed + " bytes: " + new KernReturn(KernReturn.MACH_RCV_TOO_LARGE));
        this.needed = needed;
    }

    /** Returns how many bytes the buffer would have to have, trailer included. */
    public int needed() {
        return needed;
    }
}

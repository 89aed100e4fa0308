/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

/** A peer's message is not what it must be. It was destroyed with all that was in it. */
public final class InvalidMessageException extends MachException {
    private static final long serialVersionUID = 1L;

    /** @param problem what is wrong with the message */
    public InvalidMessageException(String problem) {
        super("mach_msg", new KernReturn(KernReturn.MACH_RCV_BODY_ERROR), "a received message is invalid: " + problem);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

/** A server let go of the right to reply without using it: it dropped the request, or ended. */
public final class NoReplyException extends MachException {
    private static final long serialVersionUID = 1L;

    public NoReplyException() {
        super(
                "mach_msg",
                new KernReturn(KernReturn.KERN_ABORTED),
                "the server let go of the right to reply without using it");
    }
}

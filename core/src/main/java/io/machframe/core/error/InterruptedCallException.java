/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

/** The calling thread was interrupted while it waited. Its interrupt status stays set; nothing was lost or sent. */
public final class InterruptedCallException extends MachException {
    private static final long serialVersionUID = 1L;

    public InterruptedCallException(String call, KernReturn reason) {
        super(call, reason);
    }
}

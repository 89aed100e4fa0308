/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

/** The receive right was closed or moved away while a thread waited for a message on it. */
public final class PortClosedException extends MachException {
    private static final long serialVersionUID = 1L;

    public PortClosedException(String call, KernReturn reason, String message) {
        super(call, reason, message);
    }
}

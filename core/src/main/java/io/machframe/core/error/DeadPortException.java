/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

/** The destination of a message is dead: its receive right was closed, or the process that held it ended. */
public final class DeadPortException extends MachException {
    private static final long serialVersionUID = 1L;

    public DeadPortException(String call, KernReturn reason, String message) {
        super(call, reason, message);
    }
}

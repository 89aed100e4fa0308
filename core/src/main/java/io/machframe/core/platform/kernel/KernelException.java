/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

/** A kernel call cannot go on; carries the {@code kern_return_t} that the call then answers. Has no stack trace. */
public final class KernelException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;

    public KernelException(int code) {
        super(null, null, false, false);
        this.code = code;
    }

    public int code() {
        return code;
    }
}

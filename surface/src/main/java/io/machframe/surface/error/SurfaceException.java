/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.error;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;

/**
 * A surface could not be made, shared or used for a reason that a correct program must expect: no memory is left, the
 * system lacks the feature, a peer sent something that is no surface. The message says which.
 */
public final class SurfaceException extends MachException {
    private static final long serialVersionUID = 1L;

    /**
     * Names what was tried, what was wrong, and the code.
     *
     * @param call the C function, or the method where C has none
     * @param code a {@link KernReturn}
     */
    public SurfaceException(String call, int code, String why) {
        super(call, new KernReturn(code), call + ": " + why + ", " + new KernReturn(code).name());
    }

    /** A step failed, whose own message says why. */
    public SurfaceException(String call, MachException cause) {
        super(call, cause.reason(), call + ": " + cause.getMessage());
        initCause(cause);
    }

    /** A step failed, whose own message says why, for something that {@code what} names. */
    public SurfaceException(String call, String what, MachException cause) {
        super(call, cause.reason(), call + ": " + what + ": " + cause.getMessage());
        initCause(cause);
    }

    /** Throws unless a code is {@code KERN_SUCCESS}, where the code alone says why. */
    public static void check(String call, int code) throws SurfaceException {
        if (code != KernReturn.KERN_SUCCESS) {
            throw new SurfaceException(call, code, new KernReturn(code).text());
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import static io.machframe.core.error.KernReturn.KERN_INVALID_ADDRESS;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_NO_SPACE;
import static io.machframe.core.error.KernReturn.KERN_RESOURCE_SHORTAGE;
import static io.machframe.core.error.KernReturn.MACH_SEND_INVALID_MEMORY;
import static io.machframe.core.error.KernReturn.MACH_SEND_NO_BUFFER;
import static io.machframe.core.error.KernReturn.MACH_SEND_TOO_LARGE;

import io.machframe.core.platform.kernel.KernelException;

/** What an {@code errno} is in Mach's return codes. */
public final class Errno {
    private Errno() {}

    /** Returns the code for a call that could not make or open a descriptor. */
    public static int code(int errno) {
        return errno == LibC.EMFILE ? KERN_NO_SPACE : KERN_RESOURCE_SHORTAGE;
    }

    public static KernelException failure(int errno) {
        return new KernelException(code(errno));
    }

    /** Returns the failure of a call that maps or copies memory. */
    public static KernelException memoryFailure(int errno) {
        return new KernelException(
                switch (errno) {
                    case LibC.ENOMEM -> KERN_NO_SPACE;
                    case LibC.EFAULT -> KERN_INVALID_ADDRESS;
                    case LibC.EACCES, LibC.EPERM -> KERN_INVALID_RIGHT;
                    default -> code(errno);
                });
    }

    /** Returns whether a call on a port's queue failed because its other side is gone for good. */
    public static boolean isDeath(int errno) {
        return switch (errno) {
            case LibC.EPIPE, LibC.ECONNRESET, LibC.ECONNREFUSED, LibC.ENOTCONN -> true;
            default -> false;
        };
    }

    /** Returns what {@code mach_msg} answers when {@code sendmsg} failed for a reason other than death or a full queue. */
    public static int sendCode(int errno) {
        return switch (errno) {
            case LibC.EMSGSIZE -> MACH_SEND_TOO_LARGE;
            case LibC.EFAULT -> MACH_SEND_INVALID_MEMORY;
            default -> MACH_SEND_NO_BUFFER;
        };
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

/**
 * The kernel says that a right this library released was not its own: a double release, somewhere.
 *
 * <p>Names are reused as file descriptors are, so such a release may have hit a stranger's port. It is a bug in this
 * library or in code that shares its raw names, never an ordinary event.
 */
public final class OwnershipError extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public OwnershipError(String call, KernReturn reason) {
        super(call + " on a right this object owns: " + reason);
    }
}

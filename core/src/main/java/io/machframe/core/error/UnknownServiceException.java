/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

/** Nobody serves the service name that was looked up. */
public final class UnknownServiceException extends MachException {
    private static final long serialVersionUID = 1L;

    public UnknownServiceException(String call, KernReturn reason, String message) {
        super(call, reason, message);
    }
}

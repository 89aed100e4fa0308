/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.error;

/** The service name is served by a live process already. */
public final class ServiceActiveException extends MachException {
    private static final long serialVersionUID = 1L;

    public ServiceActiveException(String call, KernReturn reason, String message) {
        super(call, reason, message);
    }
}

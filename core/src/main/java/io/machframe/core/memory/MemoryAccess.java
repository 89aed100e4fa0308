/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.memory;

import io.machframe.core.platform.Mach;

/** What may be done with memory, {@code vm_prot_t}. */
public enum MemoryAccess {
    /** It can be read. */
    READ(Mach.VM_PROT_READ),
    /** It can be read and written. */
    READ_WRITE(Mach.VM_PROT_READ | Mach.VM_PROT_WRITE);

    private final int protection;

    MemoryAccess(int protection) {
        this.protection = protection;
    }

    int protection() {
        return protection;
    }
}

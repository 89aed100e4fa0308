/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.MachException;
import io.machframe.core.memory.MemoryRegion;

/** An array of rights and the memory that its names will travel in. */
record PlacedRights(RightArray rights, MemoryRegion memory) implements AutoCloseable {
    static PlacedRights of(RightArray rights) throws MachException {
        return new PlacedRights(rights, MemoryRegion.allocate(rights.task(), 4L * rights.size()));
    }

    @Override
    public void close() {
        rights.close();
        memory.close();
    }
}

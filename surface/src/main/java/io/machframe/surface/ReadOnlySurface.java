/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.memory.ExportedMemory;

/** A surface whose owner lends it for reading. */
final class ReadOnlySurface implements Surface {
    private final IOSurface surface;
    private final Attachments attachments;

    ReadOnlySurface(IOSurface surface) {
        this.surface = surface;
        this.attachments = surface.attachments().asReadOnly();
    }

    @Override
    public int id() {
        return surface.id();
    }

    @Override
    public SurfaceLayout layout() {
        return surface.layout();
    }

    @Override
    public Attachments attachments() {
        return attachments;
    }

    @Override
    public int seed() {
        return surface.seed();
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public SurfaceLock lock(LockOption... options) {
        return surface.lock(LockOption.bits(options) | LockOption.bits(LockOption.READ_ONLY));
    }

    @Override
    public ExportedMemory exportMemory() throws SurfaceException {
        return surface.exportMemory();
    }

    @Override
    public long reference() {
        return surface.reference();
    }

    @Override
    public String toString() {
        return surface.toString();
    }
}

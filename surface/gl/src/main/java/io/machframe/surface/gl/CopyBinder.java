/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.surface.LockOption;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import org.lwjgl.opengl.GL11C;

/** A texture of OpenGL's own, copied into and out of. */
final class CopyBinder implements PlaneBinder {
    private final PixelTransfer transfer = new PixelTransfer();

    @Override
    public GlPath path() {
        return GlPath.COPY;
    }

    @Override
    public int target() {
        return GL11C.GL_TEXTURE_2D;
    }

    @Override
    public int bind(Surface surface, int index, PlaneTexels plane, boolean toDraw) {
        return transfer.create(plane);
    }

    @Override
    public void rebind(int texture, Surface surface, int index, PlaneTexels plane) {
        try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            transfer.upload(texture, plane, lock.plane(index).bytes());
        }
    }

    @Override
    public void finish(BoundPlanes planes, int[] framebuffers) {
        try (SurfaceLock lock = planes.surface().lock()) {
            for (int i = 0; i < framebuffers.length; i++) {
                transfer.read(
                        framebuffers[i], planes.planes().get(i), lock.plane(i).bytes());
            }
        }
    }
}

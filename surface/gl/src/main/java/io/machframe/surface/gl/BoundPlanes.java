/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.surface.Surface;
import io.machframe.surface.error.SurfaceException;
import java.util.List;

/** The textures of a surface's planes, all made in one way. */
final class BoundPlanes {
    private final PlaneBinder binder;
    private final Surface surface;
    private final List<PlaneTexels> planes;
    private final int[] textures;
    private final String refusals;

    private BoundPlanes(
            PlaneBinder binder, Surface surface, List<PlaneTexels> planes, int[] textures, String refusals) {
        this.binder = binder;
        this.surface = surface;
        this.planes = planes;
        this.textures = textures;
        this.refusals = refusals;
    }

    /** @param refusals why the better ways were not taken; empty if there were none */
    static BoundPlanes bind(
            PlaneBinder binder, Surface surface, List<PlaneTexels> planes, boolean toDraw, String refusals)
            throws GlException, SurfaceException {
        int[] textures = new int[planes.size()];
        boolean whole = false;
        try {
            for (int i = 0; i < textures.length; i++) {
                textures[i] = binder.bind(surface, i, planes.get(i), toDraw);
            }
            whole = true;
        } finally {
            if (!whole) {
                binder.delete(textures); // those not made are 0, which is ignored
            }
        }
        return new BoundPlanes(binder, surface, planes, textures, refusals);
    }

    /** Deletes the textures. */
    void delete() {
        binder.delete(textures);
    }

    PlaneBinder binder() {
        return binder;
    }

    Surface surface() {
        return surface;
    }

    List<PlaneTexels> planes() {
        return planes;
    }

    int texture(int plane) {
        return textures[plane];
    }

    String refusals() {
        return refusals;
    }

    /** Has the textures show what the surface holds now. */
    void refresh() {
        for (int i = 0; i < textures.length; i++) {
            binder.rebind(textures[i], surface, i, planes.get(i));
        }
    }
}

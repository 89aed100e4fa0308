/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import io.machframe.surface.format.Component;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import java.util.List;

/**
 * Where everything in a surface's memory is: the whole shape, never changed once the surface is made.
 *
 * @param format how an element is to be read; {@link PixelFormat#NONE} if its maker set none
 * @param subsampling how much coarser colour is than brightness. {@code IOSurfaceGetSubsampling}
 * @param width pixels; 0 for memory without dimensions
 * @param height pixels; 0 for memory without dimensions
 * @param planar whether it has planes in the sense of C
 * @param planes at least one: a surface that is not planar has one here, which is all of it
 * @param components of each plane, what an element consists of; empty if its maker did not say and the library does not
 *     know the format. {@code IOSurfaceGetNumberOfComponentsOfPlane} and the functions that name, type, range, depth and
 *     offset of a component have
 * @param allocSize bytes in all, planes and padding
 */
public record SurfaceLayout(
        PixelFormat format,
        Subsampling subsampling,
        int width,
        int height,
        boolean planar,
        List<Plane> planes,
        List<List<Component>> components,
        long allocSize) {
    public SurfaceLayout {
        planes = List.copyOf(planes);
        components = List.copyOf(components);
    }

    /**
     * Lays a surface out: honours what the properties say, and fills in the rest.
     *
     * @param ofSystem what the system's own surfaces must keep to: the rules of {@link LayoutPolicy#IOSURFACE}
     * @throws IllegalArgumentException if the properties contradict each other or a rule; the message names the key and
     *     the rule
     */
    public static SurfaceLayout of(SurfaceProperties properties, Alignment ofSystem) {
        LayoutPolicy policy = properties.layoutPolicy();
        Alignment rules = new Alignment(policy.rowAlignment(), policy.planeAlignment());
        return LayoutCalculation.layOut(properties, policy == LayoutPolicy.IOSURFACE ? rules.and(ofSystem) : rules);
    }

    /**
     * Checks that the numbers fit together, whoever they come from: only then may they be used to find bytes.
     *
     * @return this layout
     * @throws IllegalArgumentException if they do not; the message names the key and the rule
     */
    public SurfaceLayout requireValid() {
        new LayoutRules(this).check();
        return this;
    }
}

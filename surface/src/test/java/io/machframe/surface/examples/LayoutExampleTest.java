/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.RightsLedger;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.Alignment;
import io.machframe.surface.layout.LayoutPolicy;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code layout}. */
@ExtendWith(RightsLedger.class)
class LayoutExampleTest {
    @Test
    void aLayoutSaysWhereThePlanesLie() {
        // @start region="place"
        SurfaceProperties wanted =
                SurfaceProperties.of(1366, 767, PixelFormat.I420_VIDEO).withLayoutPolicy(LayoutPolicy.GSTREAMER);
        SurfaceLayout layout = SurfaceLayout.of(wanted, new Alignment(64, 64));
        Plane chroma = layout.planes().get(1);
        // Where the last row of a plane begins in the memory of the surface:
        long last = chroma.offset() + (chroma.rows() - 1) * chroma.bytesPerRow();
        // @end
        assertEquals(684, chroma.bytesPerRow());
        assertEquals(1368 * 768 + 383 * 684, last);
    }
}

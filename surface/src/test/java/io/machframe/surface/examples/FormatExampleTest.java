/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.RightsLedger;
import io.machframe.surface.format.Dialect;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.PixelFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code format}. */
@ExtendWith(RightsLedger.class)
class FormatExampleTest {
    @Test
    void aFormatIsDescribedByTheCatalogue() {
        // @start region="describe"
        FormatDescription format = PixelFormat.NV12_VIDEO.description().orElseThrow();
        int planes = format.planes().size(); // luma, and both chromas
        FormatDescription.PlaneShape chroma = format.planes().get(1);
        int width = (1366 + chroma.widthDivisor() - 1) / chroma.widthDivisor();
        String inFfmpeg = format.name(Dialect.FFMPEG).orElse("none");
        PixelFormat ofDrm = PixelFormat.named(Dialect.DRM, "XR24").get(0);
        // @end
        assertEquals(2, planes);
        assertEquals(683, width);
        assertEquals("nv12", inFfmpeg);
        assertEquals(PixelFormat.BGRA, ofDrm);
    }
}

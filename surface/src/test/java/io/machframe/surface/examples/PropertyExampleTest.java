/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.RightsLedger;
import io.machframe.surface.IOSurface;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.CacheMode;
import io.machframe.surface.property.SurfaceKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code property}. */
@ExtendWith(RightsLedger.class)
class PropertyExampleTest {
    // @start region="describe"
    /** Makes a surface that is written once and read by a GPU, with a label that every holder of it sees. */
    static IOSurface labelled(String label) throws SurfaceException {
        long row = IOSurface.alignProperty(SurfaceKey.BYTES_PER_ROW, 4 * 1366); // as this system wants it
        SurfaceProperties properties = SurfaceProperties.of(1366, 768, PixelFormat.BGRA)
                .withBytesPerRow((int) row)
                .withCacheMode(CacheMode.WRITE_COMBINE);
        IOSurface surface = IOSurface.create(properties);
        surface.attachments().set(SurfaceKey.NAME, label);
        return surface;
    }
    // @end

    @Test
    void keysAndConstantsDescribeASurface() throws Exception {
        try (IOSurface surface = labelled("camera 1")) {
            assertEquals(0, surface.plane(0).bytesPerRow() % IOSurface.alignment(SurfaceKey.BYTES_PER_ROW));
            assertEquals("camera 1", surface.attachments().name().orElseThrow());
        }
    }
}

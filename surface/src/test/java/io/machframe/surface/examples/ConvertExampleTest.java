/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.RightsLedger;
import io.machframe.surface.IOSurface;
import io.machframe.surface.LockOption;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.convert.BgraConverter;
import io.machframe.surface.convert.PngFile;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The example of the package page of {@code convert}. */
@ExtendWith(RightsLedger.class)
class ConvertExampleTest {
    // @start region="save"
    /** Writes what a surface shows, whatever its format, as a PNG file. */
    static void save(Surface surface, Path file) throws IOException, SurfaceException {
        int[] pixels = new int[surface.width() * surface.height()]; // 0xAARRGGBB each
        try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            BgraConverter.of(surface).convert(lock.planes(), pixels, surface.width());
        }
        PngFile.write(pixels, surface.width(), false, file);
    }
    // @end

    @Test
    void aSurfaceIsWrittenAsAFile(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("grey.png");
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(64, 32, PixelFormat.NV12_VIDEO))) {
            try (SurfaceLock lock = surface.lock()) {
                while (lock.plane(0).bytes().hasRemaining()) {
                    lock.plane(0).bytes().put((byte) 235);
                }
                while (lock.plane(1).bytes().hasRemaining()) {
                    lock.plane(1).bytes().put((byte) 128);
                }
            }
            save(surface, file);
        }
        assertEquals(0xffffffff, ImageIO.read(file.toFile()).getRGB(63, 31));
    }
}

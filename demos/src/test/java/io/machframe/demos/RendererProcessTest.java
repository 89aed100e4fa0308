/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code demos/run renderer} without a window. */
@RequiresCapability(TestCapability.OPENGL)
@Timeout(300)
final class RendererProcessTest {
    private static final int BACKGROUND = 0xff141721;

    @TempDir
    Path directory;

    @Test
    void itDrawsIsKilledGoesOnAndLeavesThePicture() throws Exception {
        Path png = directory.resolve("knot.png");
        Outcome outcome = DemoProcess.start(
                        directory,
                        "renderer",
                        "--name=knot-" + UUID.randomUUID(),
                        "--frames=20",
                        "--size=320x180",
                        "--kill",
                        "--png=" + png)
                .outcome();
        outcome.assertSuccess();
        assertTrue(outcome.out().matches("(?s).*renderers +2\\R.*"), outcome.out());
        assertTrue(outcome.out().contains("Last frame: " + png), outcome.out());
        BufferedImage picture = ImageIO.read(png.toFile());
        assertEquals(320, picture.getWidth());
        assertEquals(180, picture.getHeight());
        assertEquals(BACKGROUND, picture.getRGB(0, 0));
        assertEquals(BACKGROUND, picture.getRGB(319, 179));
        long colours = Arrays.stream(picture.getRGB(0, 0, 320, 180, null, 0, 320))
                .distinct()
                .count();
        assertTrue(colours > 500, colours + " colours");
    }
}

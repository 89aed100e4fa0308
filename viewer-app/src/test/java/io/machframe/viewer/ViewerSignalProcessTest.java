/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.ChildProcess;
import io.machframe.javafx.JavaFxText;
import io.machframe.javafx.TestStream;
import io.machframe.surface.format.PixelFormat;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A viewer that a signal ends still leaves its snapshot. */
@EnabledIf(value = JavaFxText.IS_THERE, disabledReason = JavaFxText.MISSING)
class ViewerSignalProcessTest {
    private static final int GREEN = 0xff00c000;
    private static final int TERMINATED = 128 + 15;

    @Test
    @Timeout(180)
    void aTerminatedViewerLeavesItsSnapshot(@TempDir Path folder) throws Exception {
        String name = "signal-" + UUID.randomUUID();
        Path file = folder.resolve("window.png");
        try (TestStream stream = TestStream.open(name, 1366, 768, PixelFormat.BGRA)) {
            Process process = ChildProcess.builder(ViewerDeathProcessTest.class, name, "--snapshot", file.toString())
                    .start();
            try (ChildProcess viewer = ChildProcess.of(process)) {
                while (stream.clients() == 0) {
                    stream.publish(GREEN);
                    Thread.sleep(20);
                }
                for (int i = 0; i < 10; i++) { // the tenth comes when the first is on its way to the screen
                    stream.publish(GREEN);
                    Thread.sleep(50);
                }
                process.destroy();
                assertEquals(TERMINATED, viewer.waitFor());
            }
        }
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals(GREEN, image.getRGB(image.getWidth() * 2 / 3, image.getHeight() / 2));
    }
}

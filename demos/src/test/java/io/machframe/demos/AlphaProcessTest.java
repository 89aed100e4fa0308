/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.SurfaceLock;
import io.machframe.surface.convert.PngFile;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameInfo;
import io.machframe.surface.stream.FrameServer;
import java.awt.image.BufferedImage;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Row C25 of the faults, from one process to another: a picture is kept premultiplied when that is asked for, lies on black
 * otherwise, and never shows its hidden colour; what the fourth byte means is what the stream says.
 */
@Timeout(240)
final class AlphaProcessTest {
    private static final int SIZE = 32;
    private static final int HIDDEN_RED = 0x00ff0000;
    private static final int HALF_GREEN = 0x8000ff00;
    private static final int BLUE = 0xff0000ff;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "NONE, 0000ff00, ff00ff00",
        "NONE, 8000ff00, ff00ff00",
        "PREMULTIPLIED, 80008000, 8000ff00",
        "STRAIGHT, 8000ff00, 8000ff00",
        "PREMULTIPLIED, ff00ff00, ff00ff00"
    })
    void theFourthByteMeansWhatTheStreamSays(AlphaMode mode, String stored, String seen) throws Exception {
        Path png = directory.resolve("seen.png");
        String name = "alpha-" + mode + stored;
        try (FrameServer server = FrameServer.builder(name)
                        .format(FrameFormat.of(SIZE, SIZE, PixelFormat.BGRA))
                        .info(FrameInfo.DEFAULT.withAlpha(mode))
                        .open();
                DemoProcess watcher =
                        DemoProcess.start(directory, "watch", name, "--frames", "1", "--png", png.toString())) {
            while (watcher.isAlive()) {
                publish(server, (int) Long.parseLong(stored, 16));
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertEquals(0, watcher.outcome().status(), watcher.outcome().toString());
        }
        BufferedImage image = ImageIO.read(png.toFile());
        for (int i = 0; i < SIZE * SIZE; i++) {
            assertEquals(seen, Integer.toHexString(image.getRGB(i % SIZE, i / SIZE)));
        }
    }

    private static void publish(FrameServer server, int colour) throws Exception {
        try (FrameDraft draft = server.acquire()) {
            try (SurfaceLock lock = draft.lock()) {
                IntBuffer pixels = lock.plane(0).bytes().asIntBuffer();
                for (int i = 0; i < pixels.capacity(); i++) {
                    pixels.put(i, colour);
                }
            }
            draft.publish();
        }
    }

    @Test
    void alphaIsKeptPremultipliedWhenAskedFor() throws Exception {
        try (DemoProcess publisher = publish("kept", "--alpha");
                FrameClient client = FrameClient.connect("kept");
                Frame frame = Objects.requireNonNull(client.receive())) {
            assertEquals(AlphaMode.PREMULTIPLIED, frame.info().alpha());
            assertEquals(AlphaMode.PREMULTIPLIED, frame.surface().attachments().alphaMode());
            assertEquals(0, pixel(frame, 0));
            assertEquals(0x80008000, pixel(frame, 1));
            assertEquals(BLUE, pixel(frame, 2));
            assertTrue(publisher.isAlive());
        }
    }

    @ParameterizedTest
    @CsvSource({"bgra", "420v"})
    void otherwiseItLiesOnBlack(String format) throws Exception {
        Path png = directory.resolve("black.png");
        try (DemoProcess publisher = publish("black", "--format", format)) {
            Outcome.of("watch", "black", "--frames", "1", "--png", png.toString())
                    .assertSuccess();
            assertTrue(publisher.isAlive());
        }
        BufferedImage image = ImageIO.read(png.toFile());
        int[] expected = {0xff000000, 0xff008000, BLUE};
        for (int i = 0; i < expected.length; i++) {
            int seen = image.getRGB(column(i), SIZE / 2);
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                assertEquals(expected[i] >> shift & 255, seen >> shift & 255, 2, Integer.toHexString(seen));
            }
        }
    }

    private DemoProcess publish(String name, String... options) throws Exception {
        Path film = directory.resolve("film.png");
        int[] pixels = new int[3 * SIZE * SIZE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = new int[] {HIDDEN_RED, HALF_GREEN, BLUE}[i % (3 * SIZE) / SIZE];
        }
        PngFile.write(pixels, 3 * SIZE, true, film);
        String[] arguments =
                Arrays.copyOf(new String[] {"publish", name, film.toString(), "--loop"}, 4 + options.length);
        System.arraycopy(options, 0, arguments, 4, options.length);
        DemoProcess publisher = DemoProcess.start(directory, arguments);
        publisher.awaitOutput("Publishing");
        return publisher;
    }

    private static int column(int part) {
        return part * SIZE + SIZE / 2;
    }

    private static int pixel(Frame frame, int part) {
        try (SurfaceLock lock = frame.lock()) {
            return lock.plane(0).bytes().getInt(SIZE / 2 * lock.plane(0).bytesPerRow() + Integer.BYTES * column(part));
        }
    }
}

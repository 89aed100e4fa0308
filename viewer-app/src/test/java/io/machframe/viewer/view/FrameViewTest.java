/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import static io.machframe.viewer.model.Eventually.await;
import static javafx.scene.image.PixelFormat.getIntArgbInstance;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.viewer.JavaFxText;
import io.machframe.viewer.model.TestStream;
import io.machframe.viewer.model.ViewerModel;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntBinaryOperator;
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.Pane;
import javafx.scene.paint.Color;
import javafx.stage.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

@ExtendWith(ApplicationExtension.class)
@EnabledIf(value = JavaFxText.IS_THERE, disabledReason = JavaFxText.MISSING)
@Timeout(120)
class FrameViewTest {
    private static final int BACKDROP = 0xff336699;
    private static final int WHITE = 0xffffffff;
    private static final int RED = 0xffff0000;
    private static final int BLUE = 0xff0000ff;

    private final ViewerModel model = new ViewerModel(Platform::runLater);
    private final FrameView view = new FrameView(model.pictures());
    private TestStream stream;

    @Start
    void open(Stage stage) {
        view.setManaged(false);
        stage.setScene(new Scene(new Pane(view), 320, 240));
        stage.show();
        model.choose("frames");
    }

    @AfterEach
    void close() {
        onFx(() -> {
            model.close();
            view.close();
        });
        stream.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "16, 4", "641, 359", "359, 641", "1366, 768", "1921, 1081", "4096, 2304"})
    void everyPixelIsInItsPlace(int width, int height) {
        resize(width, height);

        show(width, height, FrameViewTest::diagonals);

        assertArrayEquals(image(width, height), snapshot(width, height));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2", "17, 9", "100, 75", "641, 359"})
    void thePaddingOfRowsDoesNotShowInAnEnlargedPicture(int width, int height) {
        resize(800, 600);

        show(width, height, (x, y) -> WHITE);

        for (int pixel : snapshot(800, 600)) {
            if (pixel != WHITE && pixel != BACKDROP) {
                assertEquals("white or the backdrop", Integer.toHexString(pixel));
            }
        }
    }

    @Test
    void aWidePictureIsCentredBetweenBars() {
        resize(200, 200);

        show(1280, 640, (x, y) -> x < 640 ? RED : BLUE);

        int[] pixels = snapshot(200, 200);
        assertEquals(BACKDROP, pixels[49 * 200 + 100]);
        assertEquals(RED, pixels[50 * 200 + 20]);
        assertEquals(BLUE, pixels[149 * 200 + 180]);
        assertEquals(BACKDROP, pixels[150 * 200 + 100]);
    }

    @Test
    void aTallPictureIsEnlargedBetweenBars() {
        resize(300, 400);

        show(20, 40, (x, y) -> y < 20 ? RED : BLUE);

        int[] pixels = snapshot(300, 400);
        assertEquals(BACKDROP, pixels[200 * 300 + 49]);
        assertEquals(RED, pixels[20 * 300 + 50]);
        assertEquals(BLUE, pixels[380 * 300 + 249]);
        assertEquals(BACKDROP, pixels[200 * 300 + 250]);
    }

    @Test
    void aPictureFollowsTheSizeOfItsArea() {
        resize(100, 100);
        show(10, 10, (x, y) -> RED);

        resize(400, 40);

        int[] pixels = snapshot(400, 40);
        assertEquals(BACKDROP, pixels[20 * 400 + 179]);
        assertEquals(RED, pixels[20 * 400 + 180]);
        assertEquals(RED, pixels[39 * 400 + 219]);
        assertEquals(BACKDROP, pixels[20 * 400 + 220]);
    }

    @ParameterizedTest
    @CsvSource({
        "420v, 63, 102, 240, ffff0000",
        "420v, 235, 128, 128, ffffffff",
        "420f, 0, 128, 128, ff000000",
        "420f, 255, 128, 128, ffffffff"
    })
    void nv12PicturesHaveTheirColour(String format, int y, int cb, int cr, String expected) {
        resize(641, 721);

        open(641, 721, PixelFormat.of(format));
        stream.publish(y, cb, cr);
        awaitPicture();

        int colour = snapshot(641, 721)[360 * 641 + 320];
        for (int shift = 0; shift <= 24; shift += 8) {
            assertEquals(Integer.parseUnsignedInt(expected, 16) >> shift & 0xff, colour >> shift & 0xff, 1);
        }
    }

    @Test
    void aFrameIsHeldUntilItsSuccessorIsShown() {
        resize(100, 100);
        IOSurface first = show(400, 400, (x, y) -> RED);
        WaitForAsyncUtils.waitForFxEvents();
        assertTrue(first.isInUse());

        IOSurface second = stream.publish(BLUE);

        await("the first is given back", () -> !first.isInUse());
        assertTrue(second.isInUse());
        assertEquals(BLUE, snapshot(100, 100)[0]);
    }

    @Test
    void aClearedViewHoldsNoFrame() {
        resize(100, 100);
        IOSurface frame = show(400, 400, (x, y) -> RED);

        onFx(view::clear);

        await("the frame is given back", () -> !frame.isInUse());
        assertEquals(BACKDROP, snapshot(100, 100)[50 * 100 + 50]);
    }

    @Test
    void memoryIsDrawnAnewWithEachFrameInIt() {
        resize(400, 400);
        show(400, 400, (x, y) -> RED);
        Set<IOSurface> memories = new HashSet<>();
        for (int i = 1; i <= 10; i++) {
            int colour = 0xff000000 | 20 * i;
            memories.add(stream.publish(colour));
            await("frame " + i, () -> snapshot(400, 400)[0] == colour);
        }
        assertTrue(memories.size() < 10);
    }

    @Test
    void aStreamMayComeBackTwentyTimesWithAnotherSize() {
        resize(320, 240);
        for (int i = 0; i < 20; i++) {
            int grey = 16 + i;
            if (i % 3 == 0) {
                open(320 + 97 * i, 240, PixelFormat.NV12_FULL);
                stream.publish(grey, 128, 128);
            } else {
                open(320 + 97 * i, 240, PixelFormat.BGRA);
                stream.publish(0xff000000 | 0x010101 * grey);
            }
            await("size " + i, () -> snapshot(320, 240)[120 * 320 + 160] == (0xff000000 | 0x010101 * grey));
            stream.close();
        }
    }

    /** Lines at 45 degrees both ways on a ground that is different everywhere. */
    private static int diagonals(int x, int y) {
        return x == y || x + y == 300
                ? WHITE
                : 0xff000000 | (x * 7 & 0xff) << 16 | (y * 5 & 0xff) << 8 | ((x ^ y) & 0x7f);
    }

    private static int[] image(int width, int height) {
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = diagonals(i % width, i / width);
        }
        return pixels;
    }

    private IOSurface show(int width, int height, IntBinaryOperator colour) {
        open(width, height, PixelFormat.BGRA);
        IOSurface surface = stream.publish(colour);
        awaitPicture();
        return surface;
    }

    private void open(int width, int height, PixelFormat format) {
        stream = TestStream.open("frames", width, height, format);
    }

    private void awaitPicture() {
        await("a picture is shown", () -> onFx(view::hasPicture));
    }

    private void resize(int width, int height) {
        onFx(() -> view.resizeRelocate(0, 0, width, height));
    }

    private int[] snapshot(int width, int height) {
        return onFx(() -> {
            SnapshotParameters parameters = new SnapshotParameters();
            parameters.setFill(Color.web("#336699"));
            parameters.setViewport(new Rectangle2D(0, 0, width, height));
            WritableImage image = view.snapshot(parameters, null);
            int[] pixels = new int[width * height];
            image.getPixelReader().getPixels(0, 0, width, height, getIntArgbInstance(), pixels, 0, width);
            return pixels;
        });
    }

    private static void onFx(Runnable action) {
        WaitForAsyncUtils.waitForAsyncFx(60_000, action);
    }

    private static <T> T onFx(Callable<T> action) {
        return WaitForAsyncUtils.waitForAsyncFx(60_000, action);
    }
}

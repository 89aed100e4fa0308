/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import static io.machframe.core.testing.Eventually.await;
import static javafx.scene.image.PixelFormat.getIntArgbInstance;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.ChildProcess;
import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.Orientation;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameInfo;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntBinaryOperator;
import javafx.geometry.Point2D;
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
import org.junit.jupiter.params.provider.EnumSource;
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

    private final FrameView view = new FrameView();
    private TestStream stream;
    private FrameInfo info = FrameInfo.DEFAULT;

    @Start
    void open(Stage stage) {
        view.setManaged(false);
        stage.setScene(new Scene(new Pane(view), 320, 240));
        stage.show();
        view.setStreamName("frames");
    }

    @AfterEach
    void close() {
        onFx(view::close);
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
        show(400, 400, (x, y) -> RED);
        WaitForAsyncUtils.waitForFxEvents();
        assertEquals(1, stream.held());

        stream.publish(BLUE);

        await("the second is shown", () -> snapshot(100, 100)[0] == BLUE);
        await("the first is released", () -> stream.held() == 1);
    }

    @Test
    void aClearedViewHoldsNoFrame() {
        resize(100, 100);
        show(400, 400, (x, y) -> RED);

        onFx(view::clear);

        await("the frame is released", () -> stream.held() == 0);
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

    @Test
    void fillingCutsTwoSides() {
        resize(200, 100);
        onFx(() -> view.setScaleMode(ScaleMode.FILL));

        show(100, 100, (x, y) -> y < 50 ? RED : BLUE);

        int[] pixels = snapshot(240, 140);
        assertEquals(RED, pixels[10 * 240 + 100]);
        assertEquals(BLUE, pixels[90 * 240 + 100]);
        assertEquals(BACKDROP, pixels[110 * 240 + 100], "what is beyond the view is not drawn");
        assertEquals(new Rectangle2D(0, -50, 200, 200), bounds());
    }

    @Test
    void actualSizeIsAPixelForAPixel() {
        resize(200, 100);
        onFx(() -> view.setScaleMode(ScaleMode.ACTUAL_SIZE));

        show(40, 20, FrameViewTest::diagonals);

        assertEquals(new Rectangle2D(80, 40, 40, 20), bounds());
        int[] pixels = snapshot(200, 100);
        assertEquals(diagonals(0, 0), pixels[40 * 200 + 80]);
        assertEquals(diagonals(39, 19), pixels[59 * 200 + 119]);
    }

    @Test
    void wholeMultiplesWithoutBlurMakeSquares() {
        resize(170, 170);
        onFx(() -> {
            view.setScaleMode(ScaleMode.INTEGER);
            view.smoothProperty().set(false);
        });

        show(16, 16, FrameViewTest::diagonals);

        assertEquals(new Rectangle2D(5, 5, 160, 160), bounds());
        int[] pixels = snapshot(170, 170);
        for (int y = 0; y < 160; y++) {
            for (int x = 0; x < 160; x++) {
                assertEquals(diagonals(x / 10, y / 10), pixels[(y + 5) * 170 + x + 5], x + ", " + y);
            }
        }
    }

    @Test
    void zoomKeepsThePointUnderThePointer() {
        resize(200, 100);
        show(200, 100, FrameViewTest::diagonals);
        Point2D point = new Point2D(30, 80);
        Point2D before = onFx(() -> view.toPicture(point).orElseThrow());

        onFx(() -> {
            view.zoomAt(point, 2);
            view.zoomAt(point, 2);
            view.layout();
        });

        assertEquals(800, bounds().getWidth());
        Point2D after = onFx(() -> view.toPicture(point).orElseThrow());
        assertEquals(before.getX(), after.getX(), 0.5);
        assertEquals(before.getY(), after.getY(), 0.5);

        onFx(() -> {
            view.resetZoom();
            view.layout();
        });
        assertEquals(new Rectangle2D(0, 0, 200, 100), bounds());
    }

    @Test
    void aPictureIsMovedAsFarAsThereIsSomethingToSee() {
        resize(200, 100);
        show(200, 100, FrameViewTest::diagonals);
        onFx(() -> {
            view.zoomProperty().set(2);
            view.pan(-30, 999);
        });
        assertEquals(new Rectangle2D(-130, 0, 400, 200), bounds());

        onFx(() -> view.pan(30, -20));
        assertEquals(new Rectangle2D(-100, -20, 400, 200), bounds());
    }

    @Test
    void aPointOfTheViewIsOneOfThePicture() {
        resize(200, 200);
        show(400, 100, (x, y) -> RED);

        assertEquals(new Point2D(200, 50), onFx(() -> view.toPicture(new Point2D(100, 100))
                .orElseThrow()));
        assertEquals(Optional.empty(), onFx(() -> view.toPicture(new Point2D(100, 70))), "a bar");
    }

    @ParameterizedTest
    @EnumSource(Orientation.class)
    void aTurnedPictureOfSquaresIsTheSame(Orientation orientation) {
        onFx(() -> view.smoothProperty().set(false));
        aTurnedPictureIsShownAndFoundThere(orientation);
    }

    @ParameterizedTest
    @EnumSource(Orientation.class)
    void aTurnedPictureIsShownAndFoundThere(Orientation orientation) {
        resize(400, 400);
        onFx(() -> {
            view.setScaleMode(ScaleMode.ACTUAL_SIZE);
            view.setOrientation(orientation);
        });

        show(300, 280, FrameViewTest::diagonals);

        Rectangle2D box = bounds();
        assertEquals(orientation.isSideways() ? 280 : 300, box.getWidth());
        int[] pixels = snapshot(400, 400);
        for (int[] place : new int[][] {{3, 5}, {200, 7}, {11, 250}, {150, 140}}) {
            int x = (int) box.getMinX() + place[0];
            int y = (int) box.getMinY() + place[1];
            Point2D found =
                    onFx(() -> view.toPicture(new Point2D(x + 0.5, y + 0.5)).orElseThrow());
            assertEquals(
                    diagonals((int) found.getX(), (int) found.getY()), pixels[y * 400 + x], orientation + " " + found);
        }
        Point2D corner = Turn.shown(orientation, 0, 0);
        int x = (int) (box.getMinX() + corner.getX() * (box.getWidth() - 1));
        int y = (int) (box.getMinY() + corner.getY() * (box.getHeight() - 1));
        assertEquals(WHITE, pixels[y * 400 + x], "the first pixel is in the corner that Exif says");
    }

    /** Row C25 of the faults: what alpha means is what the frame says, and a hidden colour never comes to light. */
    @ParameterizedTest
    @CsvSource({
        "NONE, 0x0000ff00, 0xff00ff00",
        "NONE, 0x7f00ff00, 0xff00ff00",
        "NONE, 0xff00ff00, 0xff00ff00",
        "PREMULTIPLIED, 0xff00ff00, 0xff00ff00",
        "PREMULTIPLIED, 0x00000000, 0xff336699",
        "STRAIGHT, 0x0000ff00, 0xff336699",
        "STRAIGHT, 0xff00ff00, 0xff00ff00"
    })
    void alphaMeansWhatTheFrameSays(AlphaMode mode, String stored, String seen) {
        info = FrameInfo.DEFAULT.withAlpha(mode);
        resize(300, 300);
        for (int size : new int[] {300, 20, 1}) {
            if (stream != null) {
                stream.close();
                onFx(view::clear);
            }
            show(size, size, (x, y) -> Long.decode(stored).intValue());
            for (boolean smooth : new boolean[] {true, false}) {
                onFx(() -> view.smoothProperty().set(smooth));
                int[] pixels = snapshot(300, 300);
                for (int at : new int[] {0, 150 * 300 + 150, 299 * 300 + 299}) {
                    assertEquals(seen, String.format("0x%08x", pixels[at]), "in a picture of " + size + " at " + at);
                }
            }
            if (mode == AlphaMode.NONE) {
                int copied =
                        onFx(view::copyPicture).orElseThrow().getPixelReader().getArgb(0, 0);
                assertEquals(seen, String.format("0x%08x", copied));
            }
        }
    }

    /** The same from another process. */
    @Test
    void aGreenFrameOfAnotherProcessIsGreenEverywhere() throws Exception {
        resize(300, 300);
        stream = TestStream.open("frames", 1, 1, PixelFormat.BGRA);
        try (ChildProcess publisher = ChildProcess.start(GreenPublisher.class)) {
            assertEquals("open", publisher.readLine());
            onFx(() -> view.setStreamName("green"));
            awaitPicture();
            for (int pixel : snapshot(300, 300)) {
                assertEquals(0xff00ff00, pixel);
            }
        }
    }

    /** Publishes frames that are green and of which nothing is said, with an alpha of 0. */
    static final class GreenPublisher {
        private GreenPublisher() {}

        public static void main(String[] arguments) throws InterruptedException {
            try (TestStream green = TestStream.open("green", 300, 300, PixelFormat.BGRA)) {
                System.out.println("open");
                while (true) {
                    green.publish(0x0000ff00);
                    Thread.sleep(20);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Orientation.class)
    void aFrameIsTurnedAsItSaysAndThenAsTheUserDoes(Orientation orientation) {
        info = FrameInfo.DEFAULT.withOrientation(orientation);
        resize(400, 400);
        onFx(() -> view.setScaleMode(ScaleMode.ACTUAL_SIZE));
        show(300, 280, FrameViewTest::diagonals);
        for (Orientation ofUser : Orientation.values()) {
            onFx(() -> view.setOrientation(ofUser));
            Orientation both = orientation.then(ofUser);
            Rectangle2D box = bounds();
            assertEquals(both.isSideways() ? 280 : 300, box.getWidth());
            int[] pixels = snapshot(400, 400);
            WritableImage copy = onFx(view::copyPicture).orElseThrow();
            assertEquals(orientation.isSideways() ? 280 : 300, copy.getWidth());
            for (int[] place : new int[][] {{3, 5}, {200, 7}, {11, 250}, {150, 140}}) {
                Point2D unit = Turn.shown(both, (place[0] + 0.5) / 300, (place[1] + 0.5) / 280);
                int x = (int) (box.getMinX() + unit.getX() * box.getWidth());
                int y = (int) (box.getMinY() + unit.getY() * box.getHeight());
                assertEquals(diagonals(place[0], place[1]), pixels[y * 400 + x], both + " " + x + "," + y);
                Point2D found =
                        onFx(() -> view.toPicture(new Point2D(x + 0.5, y + 0.5)).orElseThrow());
                int copied = copy.getPixelReader().getArgb((int) found.getX(), (int) found.getY());
                assertEquals(pixels[y * 400 + x], copied, both + " " + found);
            }
        }
    }

    @Test
    void transparentPixelsShowTheCheckerboardIfWished() {
        resize(300, 300);
        info = FrameInfo.DEFAULT.withAlpha(AlphaMode.PREMULTIPLIED);
        show(300, 300, (x, y) -> 0);
        assertEquals(BACKDROP, snapshot(300, 300)[4 * 300 + 4]);

        onFx(() -> view.checkerboardProperty().set(true));

        int[] pixels = snapshot(300, 300);
        assertEquals(0xff999999, pixels[4 * 300 + 4]);
        assertEquals(0xff666666, pixels[4 * 300 + 12]);
    }

    @Test
    void theLastPictureStaysWithABadgeWhenTheStreamEnds() {
        resize(300, 300);
        show(300, 300, (x, y) -> RED);
        assertFalse(onFx(() -> view.lookup(".badge").isVisible()));

        stream.close();

        await("the badge", () -> onFx(() -> view.lookup(".badge").isVisible()));
        assertEquals(
                Connection.State.ENDED,
                onFx(() -> view.connectionProperty().get().state()));
        assertEquals(RED, snapshot(300, 300)[200 * 300 + 200]);

        stream = TestStream.open("frames", 300, 300, PixelFormat.BGRA);
        stream.publish(BLUE);
        await("the next picture", () -> snapshot(300, 300)[200 * 300 + 200] == BLUE);
        assertFalse(onFx(() -> view.lookup(".badge").isVisible()));
    }

    @Test
    void aFrozenViewKeepsItsPictureUntilItIsThawed() {
        resize(300, 300);
        show(300, 300, (x, y) -> RED);
        onFx(() -> view.frozenProperty().set(true));
        stream.publish(BLUE);
        await(
                "the next is received",
                () -> onFx(() -> view.statisticsProperty().get().received()) == 2);
        await("the next is dropped", () -> stream.held() == 1);
        assertEquals(RED, snapshot(300, 300)[0]);

        onFx(() -> view.frozenProperty().set(false));
        stream.publish(WHITE);
        await("the one after it is shown", () -> snapshot(300, 300)[0] == WHITE);
    }

    @Test
    void framesOfAClientAreShownAndTheClientStaysTheCallers() throws Exception {
        resize(300, 300);
        stream = TestStream.open("of a client", 300, 300, PixelFormat.BGRA);
        try (FrameClient client = FrameClient.connect("of a client")) {
            onFx(() -> view.play(client));
            stream.publish(RED);
            awaitPicture();
            assertEquals(RED, snapshot(300, 300)[0]);
            await("counted", () -> onFx(() -> view.statisticsProperty().get().received()) == 1);
            assertEquals(
                    "300x300 BGRA", onFx(() -> view.statisticsProperty().get().format()));

            stream.close();

            await("ended", () -> onFx(() -> view.connectionProperty().get().message())
                    .equals("of a client ended"));
            assertEquals("of a client", client.name());
        }
    }

    @Test
    void singleFramesAreShownAndReleased() throws Exception {
        resize(300, 300);
        onFx(() -> view.setStreamName(null));
        stream = TestStream.open("single", 300, 300, PixelFormat.BGRA);
        try (FrameClient client = FrameClient.connect("single")) {
            stream.publish(RED);
            view.show(client.receive());
            awaitPicture();
            assertEquals(RED, snapshot(300, 300)[0]);

            stream.publish(BLUE);
            view.show(client.receive());

            await("the second is shown", () -> snapshot(300, 300)[0] == BLUE);
            await("the first is released", () -> stream.held() == 1);
        }
    }

    @Test
    void aPictureCanBeCopied() {
        assertEquals(Optional.empty(), onFx(view::copyPicture));
        resize(50, 50);
        show(641, 359, FrameViewTest::diagonals);

        WritableImage copy = onFx(view::copyPicture).orElseThrow();

        int[] pixels = new int[641 * 359];
        copy.getPixelReader().getPixels(0, 0, 641, 359, getIntArgbInstance(), pixels, 0, 641);
        assertArrayEquals(image(641, 359), pixels);
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
        stream = TestStream.open("frames", width, height, format, info);
    }

    private Rectangle2D bounds() {
        return onFx(() -> {
            view.layout();
            return view.pictureBoundsProperty().get();
        });
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

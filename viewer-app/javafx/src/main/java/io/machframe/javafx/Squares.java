/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import io.machframe.surface.property.Orientation;
import java.nio.IntBuffer;
import javafx.geometry.Point2D;
import javafx.scene.image.Image;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import org.jspecify.annotations.Nullable;

/**
 * Scales pictures without smoothing, so that an enlarged pixel is a square: JavaFX takes {@code ImageView.setSmooth} for a
 * hint, and smooths all the same. An image for an area of one size.
 */
final class Squares {
    private static final int OUTSIDE = -1;

    private final int width;
    private final int height;
    /** Two take turns, as JavaFX may still draw the one before. */
    private final int[][] pixels;

    private final PixelBuffer<?>[] buffers = new PixelBuffer<?>[2];
    private final Image[] images = new Image[2];
    private final int[] acrossIndex;
    private final int[] downIndex;
    private @Nullable Object mappedSeries;
    private @Nullable Orientation mappedOrientation;
    private @Nullable PictureBox mappedBox;
    private int turn;

    Squares(int width, int height) {
        this.width = width;
        this.height = height;
        pixels = new int[2][width * height];
        acrossIndex = new int[width];
        downIndex = new int[height];
        for (int i = 0; i < 2; i++) {
            PixelBuffer<IntBuffer> buffer =
                    new PixelBuffer<>(width, height, IntBuffer.wrap(pixels[i]), PixelFormat.getIntArgbPreInstance());
            buffers[i] = buffer;
            images[i] = new WritableImage(buffer);
        }
    }

    boolean isFor(int areaWidth, int areaHeight) {
        return width == areaWidth && height == areaHeight;
    }

    /** Returns what the area shows of a picture that is turned and lies in a box; transparent beside it. */
    Image draw(Picture picture, PictureBox box, Orientation orientation) {
        if (picture.series() != mappedSeries || orientation != mappedOrientation || !box.equals(mappedBox)) {
            map(picture, box, orientation);
            mappedSeries = picture.series();
            mappedOrientation = orientation;
            mappedBox = box;
        }
        turn = 1 - turn;
        fill(picture.pixels(), pixels[turn]);
        buffers[turn].updateBuffer(buffer -> null); // all of it
        return images[turn];
    }

    private void map(Picture picture, PictureBox box, Orientation orientation) {
        for (int x = 0; x < width; x++) {
            acrossIndex[x] = index(picture, orientation, (x + 0.5 - box.x()) / box.width(), Double.NaN);
        }
        for (int y = 0; y < height; y++) {
            downIndex[y] = index(picture, orientation, Double.NaN, (y + 0.5 - box.y()) / box.height());
        }
    }

    /** Returns what a place across or down the box, 0 to 1, adds to the index of its pixel. The other one is not a number. */
    private static int index(Picture picture, Orientation orientation, double across, double down) {
        double place = Double.isNaN(down) ? across : down;
        if (place < 0 || place >= 1) {
            return OUTSIDE;
        }
        Point2D unit = Turn.stored(orientation, Double.isNaN(down) ? across : 0, Double.isNaN(down) ? 0 : down);
        boolean isColumn = Double.isNaN(down) != orientation.isSideways();
        int size = isColumn ? picture.frameWidth() : picture.frameHeight();
        double along = isColumn ? unit.getX() : unit.getY();
        int pixel = Math.max(0, Math.min(size - 1, (int) (along * size)));
        return pixel * picture.thickness() * (isColumn ? 1 : picture.pixelsPerRow());
    }

    private void fill(IntBuffer source, int[] target) {
        for (int y = 0; y < height; y++) {
            int first = y * width;
            for (int x = 0; x < width; x++) {
                boolean outside = downIndex[y] == OUTSIDE || acrossIndex[x] == OUTSIDE;
                target[first + x] = outside ? 0 : source.get(downIndex[y] + acrossIndex[x]);
            }
        }
    }
}

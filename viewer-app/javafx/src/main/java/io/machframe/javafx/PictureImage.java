/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import java.nio.IntBuffer;
import javafx.geometry.Rectangle2D;
import javafx.scene.image.Image;
import javafx.scene.image.PixelBuffer;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;

/**
 * The JavaFX image over the memory of a picture. JavaFX knows no padding between rows, so the image is as wide as its
 * rows are long, and whoever shows it crops it.
 */
final class PictureImage {
    private final PixelBuffer<IntBuffer> buffer;
    private final Rectangle2D visible;
    private final WritableImage image;

    PictureImage(Picture picture) {
        // Little-endian ints 0xAARRGGBB are the bytes B, G, R, A; JavaFX copies ints faster than it copies bytes.
        buffer = new PixelBuffer<>(
                picture.pixelsPerRow(), picture.height(), picture.pixels(), PixelFormat.getIntArgbPreInstance());
        visible = new Rectangle2D(0, 0, picture.width(), picture.height());
        image = new WritableImage(buffer);
    }

    /** Tells that there is another picture in the memory. */
    void changed() {
        buffer.updateBuffer(pixels -> visible);
    }

    Image image() {
        return image;
    }
}

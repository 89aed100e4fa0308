/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.viewer.model.NewestPicture;
import io.machframe.viewer.model.Picture;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.image.ImageView;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/**
 * Draws the newest picture of a stream as large as the region allows, in its own shape, centred.
 *
 * <p>JavaFX draws right from the memory that the picture lies in, some time after a pulse, on a thread of its own. A
 * picture is therefore closed only after a pulse that has taken its successor over: in that pulse JavaFX has waited for
 * what it still drew of the one before.
 */
public final class FrameView extends Region implements AutoCloseable {
    private final NewestPicture pictures;
    private final ImageView imageView = new ImageView();
    private final IdentityHashMap<IntBuffer, PictureImage> images = new IdentityHashMap<>();
    private final List<Picture> retired = new ArrayList<>();
    private final AnimationTimer pulses = new AnimationTimer() {
        @Override
        public void handle(long now) {
            pulse();
        }
    };

    private @Nullable Picture shown;

    /** Makes a view of the pictures that arrive there. */
    public FrameView(NewestPicture pictures) {
        this.pictures = pictures;
        getStyleClass().add("frame-view");
        getChildren().add(imageView);
        setMinSize(0, 0);
        pictures.onArrival(() -> Platform.runLater(pulses::start));
    }

    /** Shows nothing until the next picture arrives. Called on the JavaFX thread. */
    public void clear() {
        imageView.setImage(null);
        images.clear();
        retireShown();
        pulses.start();
    }

    /** Gives all pictures up. Called on the JavaFX thread when the view is in no window any more. */
    @Override
    public void close() {
        clear();
        pulses.stop();
        retired.forEach(Picture::close);
        retired.clear();
    }

    /** Returns whether a picture is shown. */
    public boolean hasPicture() {
        return shown != null;
    }

    /** Runs as a pulse begins: what changes here is drawn by that pulse. */
    private void pulse() {
        pictures.take().ifPresentOrElse(this::show, pulses::stop);
        if (!retired.isEmpty()) {
            List<Picture> done = List.copyOf(retired);
            retired.clear();
            // Run when this pulse is over.
            Platform.runLater(() -> done.forEach(Picture::close));
        }
    }

    private void show(Picture picture) {
        if (shown == null || shown.series() != picture.series()) {
            images.clear();
        }
        retireShown();
        shown = picture;
        PictureImage image = images.computeIfAbsent(picture.pixels(), pixels -> new PictureImage(picture));
        image.changed();
        imageView.setImage(image.image());
        requestLayout();
    }

    private void retireShown() {
        if (shown != null) {
            retired.add(shown);
            shown = null;
        }
    }

    @Override
    protected void layoutChildren() {
        if (shown != null) {
            Letterbox box = Letterbox.of(shown.width(), shown.height(), getWidth(), getHeight());
            imageView.setViewport(new Rectangle2D(0, 0, visibleWidth(shown, box), shown.height()));
            imageView.setFitWidth(box.width());
            imageView.setFitHeight(box.height());
            imageView.relocate(box.x(), box.y());
        }
    }

    /** An enlarged picture blends its last column with what lies beside it, which must not be the padding of its rows. */
    private static double visibleWidth(Picture picture, Letterbox box) {
        boolean blendsWithPadding = picture.pixelsPerRow() > picture.width() && box.width() > picture.width();
        return blendsWithPadding ? picture.width() - 0.5 : picture.width();
    }
}

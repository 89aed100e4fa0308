/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import io.machframe.surface.property.Orientation;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import java.io.IOException;
import java.net.URL;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Insets;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;
import javafx.scene.AccessibleRole;
import javafx.scene.image.ImageView;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.layout.Background;
import javafx.scene.layout.BackgroundFill;
import javafx.scene.layout.CornerRadii;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.paint.Color;
import javafx.scene.paint.ImagePattern;
import javafx.scene.shape.Rectangle;
import javafx.scene.text.Text;
import org.jspecify.annotations.Nullable;

/**
 * Shows the newest frame of a stream in a scene: BGRA where it lies, without a copy, and NV12 converted.
 *
 * <p>A stream is given by its name ({@link #streamNameProperty}), which is joined whenever it is published, also after its
 * publisher died, or by a client ({@link #play}); or single frames are given ({@link #show}). The last picture stays when
 * the stream ends, with a badge that says so.
 *
 * <p>What each frame says of itself is obeyed: its matrix, what its alpha means, its crop, and its orientation, to which the
 * user's is added.
 *
 * <p>The view has no size of its own: its parent gives it one, and the picture is placed in it by {@link #scaleModeProperty},
 * {@link #zoomProperty} and the pan. What the picture leaves free, and what lies under its transparent pixels, is the
 * region's background, of style class {@code frame-view}; or a checkerboard under the pixels.
 *
 * <p><b>Ownership.</b> The view holds one frame of the stream while it is shown, and a second for a moment. {@link #close}
 * releases all and leaves the stream; a view that is taken out of its scene goes on receiving until then.
 *
 * <p><b>Threads.</b> Used on the JavaFX thread, except for {@link #show}.
 */
public final class FrameView extends Region implements AutoCloseable {
    // JavaFX draws right from the memory that a picture lies in, some time after a pulse, on a thread of its own. So a
    // picture
    // is closed only after a pulse that has taken its successor over: in that pulse JavaFX has waited for what it still
    // drew
    // of the one before.

    private static final int CHECKER = 8;

    private final StreamPlayer player = new StreamPlayer(Platform::runLater);
    private final NewestPicture pictures = player.pictures();
    private final Region backdrop = new Region();
    private final ImageView imageView = new ImageView();
    private final ImageView squaresView = new ImageView();
    private final Text badgeText = new Text();
    private final StackPane badge = new StackPane(badgeText);
    private final Rectangle clip = new Rectangle();
    private final IdentityHashMap<IntBuffer, PictureImage> images = new IdentityHashMap<>();
    private final List<Picture> retired = new ArrayList<>(2);
    private final List<Picture> drawn = new ArrayList<>(2);
    private final Runnable closeDrawn = this::closeDrawn;
    private final AnimationTimer pulses = new AnimationTimer() {
        @Override
        public void handle(long now) {
            pulse();
        }
    };

    private final ObjectProperty<@Nullable String> streamName = new SimpleObjectProperty<>(this, "streamName") {
        @Override
        protected void invalidated() {
            join(get());
        }
    };
    private final ObjectProperty<ScaleMode> scaleMode = layoutProperty("scaleMode", ScaleMode.FIT);
    private final ObjectProperty<Orientation> orientation = layoutProperty("orientation", Orientation.UP);
    private final DoubleProperty zoom = layoutNumber("zoom", 1);
    private final DoubleProperty panX = layoutNumber("panX", 0);
    private final DoubleProperty panY = layoutNumber("panY", 0);
    private final BooleanProperty smooth = new SimpleBooleanProperty(this, "smooth", true);
    private final BooleanProperty checkerboard = new SimpleBooleanProperty(this, "checkerboard");
    private final BooleanProperty badgeShown = new SimpleBooleanProperty(this, "badgeShown", true);
    private final BooleanProperty frozen = new SimpleBooleanProperty(this, "frozen") {
        @Override
        protected void invalidated() {
            pulses.start();
        }
    };
    private final ReadOnlyObjectWrapper<Rectangle2D> pictureBounds =
            new ReadOnlyObjectWrapper<>(this, "pictureBounds", Rectangle2D.EMPTY);

    private @Nullable Picture shown;
    private @Nullable Squares squares;

    /** Makes a view that shows nothing yet. */
    public FrameView() {
        getStyleClass().add("frame-view");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        backdrop.setBackground(checkers());
        backdrop.visibleProperty()
                .bind(checkerboard.and(imageView.imageProperty().isNotNull()));
        imageView.visibleProperty().bind(smooth);
        squaresView.visibleProperty().bind(smooth.not());
        smooth.addListener(change -> {
            dropSquares();
            requestLayout();
        });
        badgeText.getStyleClass().add("text");
        badge.getStyleClass().add("badge");
        badge.setVisible(false);
        for (var part : List.of(backdrop, imageView, squaresView, badge)) {
            part.setManaged(false);
        }
        getChildren().setAll(backdrop, imageView, squaresView, badge);
        setMinSize(0, 0);
        player.connection().addListener(change -> updateBadge());
        badgeShown.addListener(change -> updateBadge());
        pictures.onArrival(() -> Platform.runLater(pulses::start));
    }

    /** The name of the stream to show, null for none. It need not be published yet. */
    public ObjectProperty<@Nullable String> streamNameProperty() {
        return streamName;
    }

    /** Returns the name of the stream to show. */
    public @Nullable String getStreamName() {
        return streamName.get();
    }

    /** Sets the name of the stream to show; its picture replaces what is shown. */
    public void setStreamName(@Nullable String name) {
        streamName.set(name);
    }

    /**
     * Shows what a client receives, until its stream ends or the view is given something else. A thread of the view
     * receives; nothing else may meanwhile. The client stays the caller's to close, after that.
     *
     * @throws RuntimeException if the name of the stream is bound
     */
    public void play(FrameClient client) {
        setStreamName(null);
        clear();
        player.play(client);
    }

    /**
     * Shows one frame, which belongs to the view from now on. Called on any thread, one at a time, while the view has no
     * stream.
     *
     * @throws IOException if frames of that format cannot be drawn; the frame is closed
     */
    public void show(Frame frame) throws IOException {
        player.show(frame);
    }

    /** How large the picture is, before zoom. */
    public ObjectProperty<ScaleMode> scaleModeProperty() {
        return scaleMode;
    }

    /** Returns how large the picture is, before zoom. */
    public ScaleMode getScaleMode() {
        return scaleMode.get();
    }

    /** Sets how large the picture is, before zoom. */
    public void setScaleMode(ScaleMode mode) {
        scaleMode.set(mode);
    }

    /** How the picture is turned. */
    public ObjectProperty<Orientation> orientationProperty() {
        return orientation;
    }

    /** Sets how the picture is turned. */
    public void setOrientation(Orientation value) {
        orientation.set(value);
    }

    /** By how much the picture is larger than its scale mode makes it, 1 at first. */
    public DoubleProperty zoomProperty() {
        return zoom;
    }

    /**
     * How far the picture is moved to the right from the centre. It stops where there is nothing more to see, and a picture
     * smaller than the view stays in it.
     */
    public DoubleProperty panXProperty() {
        return panX;
    }

    /** How far the picture is moved down, as {@link #panXProperty}. */
    public DoubleProperty panYProperty() {
        return panY;
    }

    /** Changes the zoom by a factor, so that what is shown at a point of the view stays there if it can. */
    public void zoomAt(Point2D point, double factor) {
        if (shown == null) {
            return;
        }
        PictureBox before = box(shown);
        zoom.set(zoom.get() * factor);
        double centreX = before.x() + before.width() / 2;
        double centreY = before.y() + before.height() / 2;
        panX.set(pan(point.getX() + (centreX - point.getX()) * factor, before.width() * factor, getWidth()));
        panY.set(pan(point.getY() + (centreY - point.getY()) * factor, before.height() * factor, getHeight()));
    }

    /** Moves the picture by so much, as far as there is something to see. */
    public void pan(double right, double down) {
        if (shown != null) {
            PictureBox before = box(shown);
            panX.set(pan(before.x() + before.width() / 2 + right, before.width(), getWidth()));
            panY.set(pan(before.y() + before.height() / 2 + down, before.height(), getHeight()));
        }
    }

    /** Shows the picture as its scale mode has it: no zoom, no pan. */
    public void resetZoom() {
        zoom.set(1);
        panX.set(0);
        panY.set(0);
    }

    /** Whether a picture that is enlarged is blurred, as at first, rather than made of squares. */
    public BooleanProperty smoothProperty() {
        return smooth;
    }

    /** Whether there is a checkerboard under transparent pixels, at first not. */
    public BooleanProperty checkerboardProperty() {
        return checkerboard;
    }

    /** Whether a badge over the last picture tells that the stream ended or failed, at first so. */
    public BooleanProperty badgeShownProperty() {
        return badgeShown;
    }

    /** Whether the picture stays though newer ones come. */
    public BooleanProperty frozenProperty() {
        return frozen;
    }

    /** How the view stands with its stream. */
    public ReadOnlyObjectProperty<Connection> connectionProperty() {
        return player.connection();
    }

    /** The statistics of the stream, updated four times a second. */
    public ReadOnlyObjectProperty<StreamStatistics> statisticsProperty() {
        return player.statistics();
    }

    /** Where the picture is in the view; it may exceed it. Empty if there is none. */
    public ReadOnlyObjectProperty<Rectangle2D> pictureBoundsProperty() {
        return pictureBounds.getReadOnlyProperty();
    }

    /** Returns whether a picture is shown. */
    public boolean hasPicture() {
        return shown != null;
    }

    /**
     * Returns the place in the picture that is shown at a point of the view, in pixels of {@link #copyPicture}: before the
     * view turns it. Empty if the picture is not there.
     */
    public Optional<Point2D> toPicture(Point2D point) {
        Rectangle2D box = pictureBounds.get();
        Picture picture = shown;
        if (picture == null || !box.contains(point)) {
            return Optional.empty();
        }
        Point2D unit = Turn.stored(
                orientation.get(),
                (point.getX() - box.getMinX()) / box.getWidth(),
                (point.getY() - box.getMinY()) / box.getHeight());
        boolean sideways = picture.orientation().isSideways();
        int width = sideways ? picture.frameHeight() : picture.frameWidth();
        int height = sideways ? picture.frameWidth() : picture.frameHeight();
        return Optional.of(new Point2D(unit.getX() * width, unit.getY() * height));
    }

    /**
     * Returns a copy of the picture that is shown, in its own size, cropped and turned as its frame says; empty if there is
     * none.
     */
    public Optional<WritableImage> copyPicture() {
        Picture picture = shown;
        if (picture == null) {
            return Optional.empty();
        }
        Orientation turned = picture.orientation();
        int width = turned.isSideways() ? picture.frameHeight() : picture.frameWidth();
        int height = turned.isSideways() ? picture.frameWidth() : picture.frameHeight();
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                Point2D place = Turn.stored(turned, (x + 0.5) / width, (y + 0.5) / height);
                int column = (int) (place.getX() * picture.frameWidth());
                int row = (int) (place.getY() * picture.frameHeight());
                pixels[y * width + x] =
                        picture.pixels().get((row * picture.pixelsPerRow() + column) * picture.thickness());
            }
        }
        WritableImage copy = new WritableImage(width, height);
        copy.getPixelWriter().setPixels(0, 0, width, height, PixelFormat.getIntArgbPreInstance(), pixels, 0, width);
        return Optional.of(copy);
    }

    /** Shows nothing until the next picture comes. */
    public void clear() {
        imageView.setImage(null);
        images.clear();
        dropSquares();
        retireShown();
        pictureBounds.set(Rectangle2D.EMPTY);
        updateBadge();
        pulses.start();
    }

    /** Leaves the stream and releases all frames. Idempotent; the view may be given a stream again. */
    @Override
    public void close() {
        if (!streamName.isBound()) {
            streamName.set(null);
        }
        player.stop();
        clear();
        pulses.stop();
        closeDrawn();
        retired.forEach(Picture::close);
        retired.clear();
    }

    @Override
    public @Nullable String getUserAgentStylesheet() {
        URL css = Objects.requireNonNull(FrameView.class.getResource("frame-view.css"), "frame-view.css");
        return css.toExternalForm();
    }

    private static Background checkers() {
        int side = 2 * CHECKER;
        WritableImage tile = new WritableImage(side, side);
        for (int i = 0; i < side * side; i++) {
            boolean light = i % side / CHECKER == i / side / CHECKER;
            tile.getPixelWriter().setColor(i % side, i / side, Color.grayRgb(light ? 0x99 : 0x66));
        }
        ImagePattern pattern = new ImagePattern(tile, 0, 0, side, side, false);
        return new Background(new BackgroundFill(pattern, CornerRadii.EMPTY, Insets.EMPTY));
    }

    private <T> ObjectProperty<T> layoutProperty(String name, T initial) {
        return new SimpleObjectProperty<>(this, name, initial) {
            @Override
            protected void invalidated() {
                requestLayout();
            }
        };
    }

    private DoubleProperty layoutNumber(String name, double initial) {
        return new SimpleDoubleProperty(this, name, initial) {
            @Override
            protected void invalidated() {
                requestLayout();
            }
        };
    }

    private void join(@Nullable String name) {
        player.stop();
        clear();
        if (name != null) {
            player.play(name);
        }
    }

    private void updateBadge() {
        Connection now = player.connection().get();
        boolean lost = now.state() == Connection.State.ENDED || now.state() == Connection.State.FAILED;
        badgeText.setText(now.message());
        badge.setVisible(lost && badgeShown.get() && hasPicture());
        requestLayout();
    }

    /** Runs as a pulse begins: what changes here is drawn by that pulse. */
    private void pulse() {
        Picture next = pictures.take();
        if (next == null) {
            pulses.stop();
        } else if (frozen.get() && shown != null) {
            next.close();
        } else {
            draw(next);
        }
        if (!retired.isEmpty()) {
            drawn.addAll(retired);
            retired.clear();
            Platform.runLater(closeDrawn); // run when this pulse is over
        }
    }

    private void closeDrawn() {
        drawn.forEach(Picture::close);
        drawn.clear();
    }

    private void draw(Picture picture) {
        boolean sameSeries = shown != null && shown.series() == picture.series();
        if (!sameSeries) {
            images.clear();
            requestLayout();
        }
        retireShown();
        shown = picture;
        PictureImage image = images.get(picture.pixels());
        if (image == null) {
            image = new PictureImage(picture);
            images.put(picture.pixels(), image);
        }
        image.changed();
        imageView.setImage(image.image());
        if (!smooth.get()) {
            drawSquares(picture);
        }
        if (badge.isVisible()) {
            updateBadge();
        }
    }

    private void dropSquares() {
        squaresView.setImage(null);
        squares = null;
    }

    private void retireShown() {
        if (shown != null) {
            retired.add(shown);
            shown = null;
        }
    }

    @Override
    protected void layoutChildren() {
        badge.autosize();
        badge.relocate(8, 8);
        if (shown == null) {
            return;
        }
        PictureBox box = box(shown);
        pictureBounds.set(new Rectangle2D(box.x(), box.y(), box.width(), box.height()));
        place(shown, box, turn(shown));
        backdrop.resizeRelocate(box.x(), box.y(), box.width(), box.height());
        clip.setWidth(getWidth());
        clip.setHeight(getHeight());
        setClip(box.exceeds(getWidth(), getHeight()) ? clip : null);
        if (!smooth.get()) {
            drawSquares(shown);
        }
    }

    private static double pan(double newCentre, double size, double area) {
        double free = Math.abs(area - size) / 2;
        return Math.max(-free, Math.min(free, newCentre - area / 2));
    }

    /** Returns how a picture is turned in all: as its frame says, and then as the user does. */
    private Orientation turn(Picture picture) {
        return picture.orientation().then(orientation.get());
    }

    private PictureBox box(Picture picture) {
        boolean sideways = turn(picture).isSideways();
        double width = sideways ? picture.frameHeight() : picture.frameWidth();
        double height = sideways ? picture.frameWidth() : picture.frameHeight();
        double scale = scaleMode.get().scale(width, height, getWidth(), getHeight()) * zoom.get();
        return PictureBox.of(width, height, getWidth(), getHeight(), scale, panX.get(), panY.get());
    }

    private void place(Picture picture, PictureBox box, Orientation turned) {
        double fitWidth = turned.isSideways() ? box.height() : box.width();
        double fitHeight = turned.isSideways() ? box.width() : box.height();
        imageView.setViewport(new Rectangle2D(0, 0, visibleWidth(picture, fitWidth), picture.height()));
        imageView.setFitWidth(fitWidth);
        imageView.setFitHeight(fitHeight);
        imageView.relocate(box.x(), box.y());
        if (turned == Orientation.UP) {
            imageView.getTransforms().clear();
        } else {
            imageView.getTransforms().setAll(Turn.transform(turned, box));
        }
    }

    private void drawSquares(Picture picture) {
        int width = (int) Math.ceil(getWidth());
        int height = (int) Math.ceil(getHeight());
        if (width > 0 && height > 0) {
            if (squares == null || !squares.isFor(width, height)) {
                squares = new Squares(width, height);
            }
            squaresView.setImage(squares.draw(picture, box(picture), turn(picture)));
        }
    }

    /** An enlarged picture blends its last column with what lies beside it, which must not be the padding of its rows. */
    private static double visibleWidth(Picture picture, double shownWidth) {
        boolean blendsWithPadding = picture.pixelsPerRow() > picture.width() && shownWidth > picture.width();
        return blendsWithPadding ? picture.width() - 0.5 : picture.width();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameFormat;
import java.io.IOException;
import java.util.concurrent.Executor;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Plays one stream at a time, or single frames: pictures go directly to whatever draws, by {@link #pictures}.
 *
 * <p>All methods are called on, and the properties change on, the one thread on which {@code ui} runs what it is given; but
 * for {@link #show}.
 */
final class StreamPlayer {
    private final Executor ui;
    private final NewestPicture pictures = new NewestPicture();
    private final ReadOnlyObjectWrapper<Connection> connection = new ReadOnlyObjectWrapper<>(Connection.NONE);
    private final ReadOnlyObjectWrapper<StreamStatistics> statistics =
            new ReadOnlyObjectWrapper<>(StreamStatistics.NONE);

    private @Nullable FrameReceiver receiver;
    private @Nullable PictureMaker maker;
    private @Nullable FrameFormat made;

    StreamPlayer(Executor ui) {
        this.ui = ui;
    }

    NewestPicture pictures() {
        return pictures;
    }

    ReadOnlyObjectProperty<Connection> connection() {
        return connection.getReadOnlyProperty();
    }

    ReadOnlyObjectProperty<StreamStatistics> statistics() {
        return statistics.getReadOnlyProperty();
    }

    void play(String name) {
        play(name, null);
    }

    void play(FrameClient client) {
        play(client.name(), client);
    }

    private void play(String name, @Nullable FrameClient client) {
        stop();
        connection.set(Connection.waitingFor(name));
        receiver = new FrameReceiver(name, client, pictures, ui, connection::set, statistics::set);
        receiver.start();
    }

    /** Shows a frame, which belongs to the player from now on. Called by one thread at a time, any. */
    void show(Frame frame) throws IOException {
        try {
            FrameFormat format = frame.format();
            PictureMaker current = maker;
            if (current == null || !format.equals(made)) {
                current = new PictureMaker(format);
                maker = current;
                made = format;
            }
            pictures.put(current.pictureOf(frame));
        } catch (IOException | RuntimeException e) {
            frame.close();
            throw e;
        }
    }

    /** Leaves the stream. */
    void stop() {
        if (receiver != null) {
            receiver.stop();
            receiver = null;
        }
        pictures.clear();
        connection.set(Connection.NONE);
        statistics.set(StreamStatistics.NONE);
    }
}

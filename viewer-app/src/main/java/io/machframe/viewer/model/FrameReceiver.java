/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The thread that receives the frames of one stream. It joins the stream again whenever that ended, until it is
 * stopped.
 */
final class FrameReceiver {
    private static final Duration RECEIVE_TIMEOUT = Duration.ofMillis(100);
    private static final long RETRY_MILLIS = 200;
    private static final long STATUS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final String name;
    private final StreamCatalog catalog;
    private final NewestPicture pictures;
    private final Executor ui;
    private final Consumer<Connection> connections;
    private final Consumer<StreamStatus> statuses;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Object handOver = new Object();
    private Connection connection = Connection.NONE;

    /** Both consumers are run by {@code ui}, and no more after {@link #stop} was called there. */
    FrameReceiver(
            String name,
            StreamCatalog catalog,
            NewestPicture pictures,
            Executor ui,
            Consumer<Connection> connections,
            Consumer<StreamStatus> statuses) {
        this.name = name;
        this.catalog = catalog;
        this.pictures = pictures;
        this.ui = ui;
        this.connections = connections;
        this.statuses = statuses;
    }

    void start() {
        Thread thread = new Thread(this::run, "frames of " + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the thread soon; no picture is handed over after this returned. */
    void stop() {
        synchronized (handOver) {
            stopped.countDown();
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void run() {
        become(Connection.waitingFor(name));
        do {
            try {
                play();
            } catch (EOFException e) {
                become(Connection.ended(name));
            } catch (IOException | RuntimeException e) {
                become(Connection.failed(name, e));
            }
        } while (!pauseUntilRetry());
    }

    private void play() throws IOException {
        Optional<FrameSource> found = catalog.open(name);
        if (found.isPresent()) {
            try (FrameSource source = found.get()) {
                receiveAll(source);
            }
        } else if (connection.state() == Connection.State.FAILED) {
            become(Connection.waitingFor(name));
        }
    }

    private void receiveAll(FrameSource source) throws IOException {
        PictureMaker maker = new PictureMaker();
        FrameMeter meter = new FrameMeter();
        long lastStatus = System.nanoTime() - STATUS_NANOS;
        try {
            while (!isStopped()) {
                Optional<ReceivedFrame> frame = source.receive(RECEIVE_TIMEOUT);
                long now = System.nanoTime();
                if (frame.isPresent()) {
                    meter.received(frame.get(), now);
                    show(maker.pictureOf(frame.get()), meter);
                    become(Connection.PLAYING);
                }
                if (now - lastStatus >= STATUS_NANOS) {
                    lastStatus = now;
                    tell(statuses, meter.status(now));
                }
            }
        } finally {
            tell(statuses, meter.status(System.nanoTime()).stopped());
        }
    }

    private void become(Connection next) {
        if (!next.equals(connection)) {
            connection = next;
            tell(connections, next);
        }
    }

    private <T> void tell(Consumer<T> listener, T news) {
        ui.execute(() -> {
            if (!isStopped()) {
                listener.accept(news);
            }
        });
    }

    private void show(Picture picture, FrameMeter meter) {
        synchronized (handOver) {
            if (isStopped()) {
                picture.close();
            } else if (pictures.put(picture)) {
                meter.skipped();
            }
        }
    }

    private boolean pauseUntilRetry() {
        try {
            return stopped.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}

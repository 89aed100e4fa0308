/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.surface.stream.ClientStatistics;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.StreamEnd;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread that receives the frames of one stream. It joins a stream that it was given the name of again whenever that
 * has ended, until it is stopped.
 */
final class FrameReceiver {
    private static final Duration RECEIVE_TIMEOUT = Duration.ofMillis(100);
    /** Shown, waiting to be shown, and being made; and some more that are about to be closed. */
    private static final int MOST_PICTURES = 8;

    private static final long RETRY_MILLIS = 200;
    private static final long STATUS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final String name;
    private final @Nullable FrameClient given;
    private final NewestPicture pictures;
    private final Executor ui;
    private final Consumer<Connection> connections;
    private final Consumer<StreamStatistics> statuses;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Object handOver = new Object();
    private Connection connection = Connection.NONE;
    private long replaced;

    /**
     * Makes one that is not started. Both consumers are run by {@code ui}, and no more after {@link #stop} was called there.
     *
     * @param given the client to receive from, which stays the caller's; null to connect by name
     */
    FrameReceiver(
            String name,
            @Nullable FrameClient given,
            NewestPicture pictures,
            Executor ui,
            Consumer<Connection> connections,
            Consumer<StreamStatistics> statuses) {
        this.name = name;
        this.given = given;
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
                receive();
            } catch (UnknownServiceException e) {
                if (connection.state() == Connection.State.FAILED) {
                    become(Connection.waitingFor(name));
                }
            } catch (DeadPortException e) {
                become(Connection.ended(name, false, given == null));
            } catch (InterruptedException e) {
                return; // which has no reason but the end of the process
            } catch (IOException | RuntimeException e) {
                become(Connection.failed(name, e));
            }
        } while (given == null && !pauseUntilRetry());
    }

    private void receive() throws IOException, InterruptedException {
        if (given != null) {
            receiveAll(given);
            return;
        }
        try (FrameClient client =
                FrameClient.builder(name).maxAcquired(MOST_PICTURES).connect()) {
            receiveAll(client);
        }
    }

    private void receiveAll(FrameClient client) throws IOException, InterruptedException {
        FrameFormat format = client.format();
        PictureMaker maker = new PictureMaker(format);
        FrameMeter meter = new FrameMeter();
        replaced = 0;
        long lastStatus = System.nanoTime() - STATUS_NANOS;
        try {
            while (!isStopped() && client.end().isEmpty()) {
                Frame frame = client.tryReceive(RECEIVE_TIMEOUT);
                if (frame != null) {
                    meter.received(frame.publishedNanos(), frame.receivedNanos());
                    if (!frame.format().equals(format)) {
                        format = frame.format();
                        maker = makerOf(frame);
                    }
                    show(maker.pictureOf(frame));
                    become(Connection.PLAYING);
                }
                long now = System.nanoTime();
                if (now - lastStatus >= STATUS_NANOS) {
                    lastStatus = now;
                    tell(statuses, status(client, meter));
                }
            }
            client.end().ifPresent(end -> become(Connection.ended(name, end == StreamEnd.ENDED, given == null)));
        } finally {
            tell(statuses, status(client, new FrameMeter()));
        }
    }

    private static PictureMaker makerOf(Frame frame) throws IOException {
        try {
            return new PictureMaker(frame.format());
        } catch (IOException e) {
            frame.close();
            throw e;
        }
    }

    private StreamStatistics status(FrameClient client, FrameMeter meter) {
        ClientStatistics counts = client.statistics();
        long now = System.nanoTime();
        return new StreamStatistics(
                client.format().toString(),
                meter.rate(now),
                meter.latencyNanos(now),
                counts.received(),
                counts.skipped() + replaced);
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

    private void show(Picture picture) {
        synchronized (handOver) {
            if (isStopped()) {
                picture.close();
            } else if (pictures.put(picture)) {
                replaced++;
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

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import io.machframe.core.error.PortClosedException;
import io.machframe.surface.stream.ClientState;
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
 * The thread that receives the frames of one stream, or of all that are published under a name one after the other.
 */
final class FrameReceiver {
    /** Shown, waiting to be shown, and being made; and some more that are about to be closed. */
    private static final int MOST_PICTURES = 8;

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
    private @Nullable FrameClient own;
    private long replaced;
    private long skippedBefore;
    private long receivedBefore;

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
            if (own != null) {
                own.close();
            }
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private void run() {
        become(Connection.waitingFor(name));
        try {
            FrameClient client = given == null ? follow() : given;
            do {
                receive(client);
            } while (!isStopped() && client.end().isEmpty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // which has no reason but the end of the process
        } catch (IOException | RuntimeException e) {
            if (!isStopped()) {
                become(Connection.failed(name, e));
            }
        }
    }

    /** Returns a client that {@link #stop} closes. */
    private FrameClient follow() throws IOException {
        FrameClient client =
                FrameClient.builder(name).maxAcquired(MOST_PICTURES).follow();
        synchronized (handOver) {
            if (isStopped()) {
                client.close();
            }
            own = client;
        }
        return client;
    }

    /** Receives until a connection has ended or could not be made. */
    private void receive(FrameClient client) throws IOException, InterruptedException {
        try {
            receiveAll(client);
        } catch (PortClosedException e) {
            throw e;
        } catch (IOException e) {
            if (given != null) {
                throw e;
            }
            become(Connection.failed(name, e)); // and tried again when another publishes under that name
        }
    }

    private void receiveAll(FrameClient client) throws IOException, InterruptedException {
        FrameMeter meter = new FrameMeter();
        FrameFormat format = null;
        PictureMaker maker = null;
        boolean moving = false;
        replaced = 0;
        skippedBefore = client.statistics().skipped();
        receivedBefore = client.statistics().received();
        long nextStatus = System.nanoTime();
        try {
            while (!isStopped()) {
                Frame frame = moving
                        ? client.tryReceive(Duration.ofNanos(Math.max(0, nextStatus - System.nanoTime())))
                        : client.receive();
                if (frame != null) {
                    moving = true;
                    meter.received(frame.publishedNanos(), frame.receivedNanos());
                    if (!frame.format().equals(format)) {
                        format = frame.format();
                        maker = makerOf(format);
                    }
                    show(frame, maker);
                } else if (client.state() != ClientState.CONNECTED) {
                    ended(client);
                    return;
                }
                if (System.nanoTime() - nextStatus >= 0) {
                    nextStatus = System.nanoTime() + STATUS_NANOS;
                    tell(statuses, status(client, meter));
                    moving = meter.rate(System.nanoTime()) > 0; // else there is nothing to tell until a frame comes
                }
            }
        } finally {
            if (client.statistics().connections() > 0 && !isStopped()) {
                tell(statuses, status(client, new FrameMeter()));
            }
        }
    }

    /** Returns null, and says why, if frames of that kind cannot be shown. */
    private @Nullable PictureMaker makerOf(FrameFormat format) {
        try {
            return new PictureMaker(format);
        } catch (IOException e) {
            become(Connection.failed(name, e));
            return null;
        }
    }

    private void show(Frame frame, @Nullable PictureMaker maker) throws IOException {
        if (maker == null) {
            frame.close();
        } else {
            show(maker.pictureOf(frame));
            become(Connection.PLAYING);
        }
    }

    private void ended(FrameClient client) {
        if (given != null || connection.state() == Connection.State.PLAYING) {
            boolean closed =
                    client.lastEnd().filter(end -> end == StreamEnd.ENDED).isPresent();
            become(Connection.ended(name, closed, given == null));
        } else {
            become(Connection.waitingFor(name));
        }
    }

    private StreamStatistics status(FrameClient client, FrameMeter meter) {
        ClientStatistics counts = client.statistics();
        long now = System.nanoTime();
        return new StreamStatistics(
                client.format().toString(),
                meter.rate(now),
                meter.latencyNanos(now),
                counts.received() - receivedBefore,
                counts.skipped() - skippedBefore + replaced);
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
}

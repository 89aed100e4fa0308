/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import io.machframe.surface.stream.StreamDescription;
import io.machframe.surface.stream.StreamDirectory;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The thread that looks again and again which streams are published. */
final class StreamWatch {
    private static final long PERIOD_MILLIS = 500;

    private final Consumer<List<StreamDescription>> listings;
    private final Consumer<String> troubles;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Both consumers are called on the watching thread, the second with the reason when there is no listing. */
    StreamWatch(Consumer<List<StreamDescription>> listings, Consumer<String> troubles) {
        this.listings = listings;
        this.troubles = troubles;
    }

    void start() {
        Thread thread = new Thread(this::run, "list of streams");
        thread.setDaemon(true);
        thread.start();
    }

    void stop() {
        stopped.countDown();
    }

    private void run() {
        try {
            do {
                look();
            } while (!stopped.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            listings.accept(StreamDirectory.list());
        } catch (IOException | RuntimeException e) {
            troubles.accept(String.valueOf(e.getMessage()));
        }
    }
}

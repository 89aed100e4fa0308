/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.process;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells a program's loop that it shall come to its end: somebody pressed Ctrl-C or sent SIGTERM, or the process that
 * started it is gone. The process then ends when this is closed, or after a few seconds anyway.
 *
 * <p>Any thread may ask and raise it.
 */
public final class StopSignal implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 5;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopAndWait, "stop");
    private volatile boolean raised;

    private StopSignal() {}

    /** Returns a signal that the end of the process raises. */
    public static StopSignal install() {
        StopSignal signal = new StopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    /** Returns whether to stop. */
    public boolean isRaised() {
        return raised;
    }

    /** Says that the loop shall stop. */
    public void raise() {
        raised = true;
    }

    /** Raises the signal when standard input ends, as it does when the process that writes to it ends, however it does. */
    public void followStandardInput() {
        Thread reader = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // What is said does not matter.
                        }
                    } catch (IOException e) {
                        // As good as its end.
                    }
                    raise();
                },
                "parent");
        reader.setDaemon(true);
        reader.start();
    }

    /** Says that the loop did stop. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // The hook runs, and waits for this.
        }
    }

    private void stopAndWait() {
        raise();
        try {
            if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("demos: stopped in the middle of something that takes long");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

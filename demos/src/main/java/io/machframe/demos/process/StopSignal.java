/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.process;

import io.machframe.viewer.command.Shutdown;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells a program's loop that it shall come to its end: Ctrl-C was pressed, SIGTERM came, or the process that started it
 * is gone. The process then ends when this is closed, or after a few seconds anyway.
 *
 * <p>Thread-safe.
 */
public final class StopSignal implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 5;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopAndWait, "stop");
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean raised;

    private StopSignal() {}

    /** Returns a signal that the end of the process raises; it is raised already if that has begun. */
    public static StopSignal install() {
        StopSignal signal = new StopSignal();
        if (!Shutdown.addHook(signal.hook)) {
            signal.raise();
        }
        return signal;
    }

    /** Returns whether to stop. */
    public boolean isRaised() {
        return raised;
    }

    /** Says that the loop shall stop. */
    public void raise() {
        raised = true;
        listeners.forEach(Runnable::run);
    }

    /** Has something run when the signal is raised, at once if it is; on any thread. */
    public void onRaise(Runnable listener) {
        listeners.add(listener);
        if (raised) {
            listener.run();
        }
    }

    /**
     * Raises the signal when standard input ends, as it does when the process that writes to it ends, however it does.
     *
     * @param lines is given each line, by a thread of its own
     */
    public void followStandardInput(Consumer<String> lines) {
        Thread reader = new Thread(
                () -> {
                    try {
                        BufferedReader input =
                                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                        for (String line = input.readLine(); line != null; line = input.readLine()) {
                            lines.accept(line);
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
        Shutdown.removeHook(hook);
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

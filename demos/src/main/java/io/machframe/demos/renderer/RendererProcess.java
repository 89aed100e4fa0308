/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.renderer;

import io.machframe.core.error.MachException;
import io.machframe.demos.process.ChildJvm;
import io.machframe.demos.process.Report;
import io.machframe.surface.stream.FrameClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a renderer running: starts it, starts another one when it dies, and tells each what the user wants to see.
 *
 * <p><b>Ownership.</b> Closing ends the renderer. <b>Threads.</b> Thread-safe.
 */
final class RendererProcess implements AutoCloseable {
    private static final long SHORT_LIFE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int MOST_SHORT_LIVES = 3;

    private final String name;
    private final int framesPerSecond;
    private final Thread thread = new Thread(this::keep, "renderer");
    private Controls controls;
    private @Nullable ChildJvm child;
    private @Nullable FrameClient steering;
    private @Nullable Report drawn;
    private @Nullable String failure;
    private int started;
    private boolean closed;

    private RendererProcess(String name, Controls first, int framesPerSecond) {
        this.name = name;
        this.controls = first;
        this.framesPerSecond = framesPerSecond;
        thread.setDaemon(true);
    }

    static RendererProcess start(String name, Controls first, int framesPerSecond) {
        RendererProcess made = new RendererProcess(name, first, framesPerSecond);
        made.thread.start();
        return made;
    }

    private void keep() {
        int shortLives = 0;
        try {
            while (shortLives < MOST_SHORT_LIVES) {
                long start = System.nanoTime();
                ChildJvm next = begin();
                if (next == null) {
                    return;
                }
                int status = next.waitFor();
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                }
                next.close();
                shortLives = System.nanoTime() - start < SHORT_LIFE_NANOS ? shortLives + 1 : 0;
                fail(shortLives < MOST_SHORT_LIVES ? null : "the renderer ends at once, with status " + status);
            }
        } catch (IOException e) {
            fail("the renderer cannot be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized @Nullable ChildJvm begin() throws IOException {
        if (closed) {
            return null;
        }
        started++;
        child = ChildJvm.start(
                RendererProgram.class.getName(),
                List.of(
                        name,
                        Integer.toString(controls.width()),
                        Integer.toString(controls.height()),
                        Integer.toString(framesPerSecond)),
                this::told);
        return child;
    }

    private void told(Report report) {
        if (report.topic().equals(RendererProgram.OPEN)) {
            steer();
        } else {
            synchronized (this) {
                drawn = report;
            }
        }
    }

    /** Connects to the renderer that has just begun to publish, and tells it what to draw. */
    private void steer() {
        try {
            FrameClient client = FrameClient.connect(name);
            synchronized (this) {
                if (steering != null) {
                    steering.close();
                }
                steering = client;
                if (closed) {
                    client.close();
                }
            }
            control(controls());
        } catch (MachException e) {
            fail("the renderer cannot be steered: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void fail(@Nullable String why) {
        failure = why;
    }

    /** Says what is to be drawn from now on. */
    synchronized void control(Controls wanted) {
        controls = wanted;
        if (steering != null && !closed) {
            steering.trySend(wanted.encode()); // one that is dead misses it, and the next one is told at its start
        }
    }

    synchronized Controls controls() {
        return controls;
    }

    /** Returns how many renderers were started. */
    synchronized int started() {
        return started;
    }

    /** Returns the number of the renderer's process; nothing if none was started yet. */
    synchronized Optional<Long> pid() {
        return Optional.ofNullable(child).map(ChildJvm::pid);
    }

    /** Returns why there is no renderer and none is tried any more; nothing as long as there is hope. */
    synchronized Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** Returns what the last renderer that ended by itself told of its work. */
    synchronized Optional<Report> drawn() {
        return Optional.ofNullable(drawn);
    }

    /** Kills the renderer, as {@code kill -9} does. */
    void kill() {
        pid().flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
    }

    /** Has the renderer end, and waits for it. */
    @Override
    public void close() {
        ChildJvm last;
        synchronized (this) {
            closed = true;
            last = child;
            if (steering != null) {
                steering.close();
            }
        }
        if (last != null) {
            try (last) {
                ProcessHandle.of(last.pid()).ifPresent(ProcessHandle::destroy); // and its report is still read
                last.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

/**
 * A daemon thread that others depend on, so that it outlives an {@link Error}: when memory, stack or threads run out
 * anywhere in the process, it may be this thread that meets it, and what it serves has to go on when there is more.
 */
public final class LibraryThread {
    private static final System.Logger LOG = System.getLogger(LibraryThread.class.getName());
    private static final long PAUSE_MILLIS = 50;

    /** What a thread does again and again. */
    public interface Step {
        /** Returns whether to go on. */
        boolean run();
    }

    private LibraryThread() {}

    /**
     * Starts a thread that runs {@code step} until it says to stop.
     *
     * @return false if the process can have no more threads
     */
    public static boolean start(String name, Step step) {
        try {
            Thread thread = new Thread(() -> run(step), name);
            thread.setDaemon(true);
            thread.start();
            return true;
        } catch (OutOfMemoryError noThread) {
            return false;
        }
    }

    private static void run(Step step) {
        boolean again = true;
        boolean reported = false;
        while (again) {
            try {
                again = step.run();
            } catch (RuntimeException | Error e) {
                reported = reported || report(e);
                pause();
            }
        }
    }

    private static boolean report(Throwable error) {
        try {
            String thread = Thread.currentThread().getName();
            LOG.log(System.Logger.Level.WARNING, "the thread " + thread + " met an error and goes on", error);
            return true;
        } catch (RuntimeException | Error e) {
            return false; // what is short may be needed to log
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException | Error e) {
            // Then without a pause.
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.command;

/** The end of this process, as Ctrl-C and SIGTERM bring it about. */
public final class Shutdown {
    private Shutdown() {}

    /**
     * Lets a thread run when the process comes to its end.
     *
     * @return false if it does already, so that the thread will not run
     */
    public static boolean addHook(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return true;
        } catch (IllegalStateException ending) {
            return false;
        }
    }

    /** Takes a thread back; does nothing if it runs already. */
    public static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // It runs.
        }
    }

    /** Returns whether the process has begun to end. */
    public static boolean isInProgress() {
        Thread probe = new Thread(() -> {});
        boolean added = addHook(probe);
        if (added) {
            removeHook(probe);
        }
        return !added;
    }
}

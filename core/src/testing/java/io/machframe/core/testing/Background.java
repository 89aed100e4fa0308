/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

/** What the other side of a test does, in a thread. */
public final class Background {
    private Background() {}

    /** Something that may fail; then the thread dies of it, as the test shows. */
    public interface Action {
        void run() throws Exception;
    }

    /** Starts something in a new thread. */
    public static Thread start(Action action) {
        Thread thread = new Thread(() -> run(action), "the other side of a test");
        thread.start();
        return thread;
    }

    private static void run(Action action) {
        try {
            action.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}

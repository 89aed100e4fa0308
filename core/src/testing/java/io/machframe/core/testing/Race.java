/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Two threads that use one object up at the same moment. */
public final class Race {
    private Race() {}

    /** What each of the two does. */
    public interface Step {
        void run() throws Exception;
    }

    /**
     * Runs both at once and waits for both.
     *
     * @return for each whether it was done: false if an {@link IllegalStateException} said that the other was first. Every
     *     other exception is thrown
     */
    public static boolean[] of(Step one, Step other) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        FutureTask<Boolean> later = new FutureTask<>(() -> isDone(start, other));
        new Thread(later).start();
        boolean first = isDone(start, one);
        try {
            return new boolean[] {first, later.get()};
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static boolean isDone(CyclicBarrier start, Step step) throws Exception {
        start.await();
        try {
            step.run();
            return true;
        } catch (IllegalStateException otherWasFirst) {
            return false;
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what other threads and processes bring about. */
public final class Eventually {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int PAUSE_MILLIS = 2;

    private Eventually() {}

    /**
     * Returns when the condition holds; it has a minute.
     *
     * @param what says in the error what never happened
     */
    public static void await(String what, Callable<Boolean> condition) {
        await(what, LIMIT, condition);
    }

    /**
     * Returns when the condition holds.
     *
     * @param what says in the error what never happened
     */
    public static void await(String what, Duration limit, Callable<Boolean> condition) {
        long start = System.nanoTime();
        try {
            while (!condition.call()) {
                if (System.nanoTime() - start > limit.toNanos()) {
                    throw new AssertionError("never happened: " + what);
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (Exception e) {
            throw new AssertionError("while waiting for this: " + what, e);
        }
    }
}

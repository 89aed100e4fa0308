/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import java.util.function.BooleanSupplier;

/** Waits for what other threads bring about. */
public final class Eventually {
    private Eventually() {}

    /** Returns when the condition holds; it has a minute. */
    public static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > 60_000_000_000L) {
                throw new AssertionError("never happened: " + what);
            }
            sleep();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

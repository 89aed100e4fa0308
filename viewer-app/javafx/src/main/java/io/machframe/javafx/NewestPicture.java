/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands pictures from the thread that receives them to the one that draws them. It holds one: a newer picture replaces
 * one that has not been taken.
 */
final class NewestPicture {
    private final AtomicReference<@Nullable Picture> newest = new AtomicReference<>();
    private volatile Runnable arrival = () -> {};

    /**
     * Sets what to run when a picture arrives and none was waiting, so that at most one call is under way for each
     * {@link #take}. It runs on the thread that receives.
     */
    void onArrival(Runnable action) {
        arrival = action;
    }

    /** Returns the newest picture, which the caller closes; null when it has been taken. */
    @Nullable
    Picture take() {
        return newest.getAndSet(null);
    }

    /** Offers a picture and returns whether it replaced one. */
    boolean put(Picture picture) {
        Picture replaced = newest.getAndSet(picture);
        if (replaced == null) {
            arrival.run();
            return false;
        }
        replaced.close();
        return true;
    }

    void clear() {
        Picture waiting = take();
        if (waiting != null) {
            waiting.close();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

/**
 * What a client asks for when it subscribes.
 *
 * @param capacity how many frames may wait for it, 1 to {@link ClientPage#MAX_CAPACITY}
 * @param overflow what happens when as many wait: one of the constants
 * @param timeoutNanos with {@link #BLOCK}, how long the publisher may be held up by one frame; else 0
 * @param maxAcquired how many frames it may hold, 1 to {@link #MAX_ACQUIRED}
 */
public record Terms(int capacity, int overflow, long timeoutNanos, int maxAcquired) {
    /** The oldest frame that waits is replaced. */
    public static final int DROP_OLDEST = 0;

    /** The new frame is not offered. */
    public static final int DROP_NEWEST = 1;

    /** The publisher waits for some time, and then the new frame is not offered. */
    public static final int BLOCK = 2;

    /** The client is disconnected. */
    public static final int DISCONNECT = 3;

    /** The most frames that one client may hold. */
    public static final int MAX_ACQUIRED = 32;

    /** Returns what is wrong with these terms; empty if nothing is. */
    String problem() {
        if (capacity < 1 || capacity > ClientPage.MAX_CAPACITY) {
            return "it asks for a queue of " + capacity;
        }
        if (overflow < DROP_OLDEST || overflow > DISCONNECT) {
            return "it asks for the unknown overflow rule " + overflow;
        }
        if (timeoutNanos < 0 || (overflow != BLOCK && timeoutNanos != 0)) {
            return "it asks for a timeout of " + timeoutNanos + " ns";
        }
        return maxAcquired < 1 || maxAcquired > MAX_ACQUIRED ? "it asks to hold " + maxAcquired + " frames" : "";
    }
}

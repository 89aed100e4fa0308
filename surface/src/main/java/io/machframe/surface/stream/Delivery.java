/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import java.time.Duration;

/** Which frames a client gets when more are published than it takes. */
public sealed interface Delivery {
    /** The most frames of a queue. */
    int MAX_CAPACITY = 64;

    /** Returns what most want: always the newest frame; one that was not taken is replaced. */
    static Delivery latest() {
        return new Latest();
    }

    /**
     * Returns a queue of frames in their order. When it is full the oldest is dropped, unless another rule is chosen.
     *
     * @param capacity 1 to {@value #MAX_CAPACITY}
     */
    static Queue queue(int capacity) {
        return new Queue(capacity, Overflow.DROP_OLDEST, Duration.ZERO);
    }

    /** Always the newest frame. */
    record Latest() implements Delivery {}

    /** What happens to a full queue. */
    enum Overflow {
        /** The oldest frame that waits is dropped. */
        DROP_OLDEST,
        /** The new frame is dropped. */
        DROP_NEWEST,
        /** The publisher waits for space, and drops the new frame when the timeout is over. */
        BLOCK,
        /** The client is disconnected, {@link StreamEnd#TOO_SLOW}. */
        DISCONNECT
    }

    /**
     * The frames in their order.
     *
     * @param capacity how many may wait
     * @param overflow what happens when as many wait
     * @param timeout with {@link Overflow#BLOCK}, the longest time the publisher waits for one frame; else zero
     */
    record Queue(int capacity, Overflow overflow, Duration timeout) implements Delivery {
        public Queue {
            if (capacity < 1 || capacity > MAX_CAPACITY) {
                throw new IllegalArgumentException("a queue has 1 to " + MAX_CAPACITY + " frames, not " + capacity);
            }
            if (timeout.isNegative() || (overflow != Overflow.BLOCK && !timeout.isZero())) {
                throw new IllegalArgumentException(overflow + " has no timeout of " + timeout);
            }
        }

        /** Returns a queue that drops the oldest frame when it is full. */
        public Queue dropOldest() {
            return new Queue(capacity, Overflow.DROP_OLDEST, Duration.ZERO);
        }

        /** Returns a queue that drops the new frame when it is full. */
        public Queue dropNewest() {
            return new Queue(capacity, Overflow.DROP_NEWEST, Duration.ZERO);
        }

        /**
         * Returns a queue for which the publisher waits when it is full. Only a publisher that {@linkplain
         * FrameServer.Builder#mayBlock allows it} lets such a client in.
         */
        public Queue block(Duration atMost) {
            return new Queue(capacity, Overflow.BLOCK, atMost);
        }

        /** Returns a queue whose client is disconnected when it is full. */
        public Queue disconnect() {
            return new Queue(capacity, Overflow.DISCONNECT, Duration.ZERO);
        }
    }
}

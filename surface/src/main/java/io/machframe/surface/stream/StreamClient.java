/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * A client as its publisher sees it, and how it does.
 *
 * @param id its number in the stream, from 1 on
 * @param pid the process it is in
 * @param ready whether it has begun to receive
 * @param offered frames that were put into its queue
 * @param replaced frames of these that were dropped again for newer ones, before it took them
 * @param dropped frames that were not put into its queue, because that was full
 * @param timedOut frames of these for which the publisher waited in vain, {@link Delivery.Queue#block}
 * @param waiting frames in its queue now
 * @param held surfaces that cannot be drawn into because of it, those of waiting frames included
 * @param latency how long frames took to it, as it says itself
 * @param wishes what it can bear and wants
 */
public record StreamClient(
        int id,
        int pid,
        boolean ready,
        long offered,
        long replaced,
        long dropped,
        long timedOut,
        int waiting,
        int held,
        Latency latency,
        ClientWishes wishes) {
    /** Returns the frames that it took. */
    public long delivered() {
        return offered - replaced - waiting;
    }
}

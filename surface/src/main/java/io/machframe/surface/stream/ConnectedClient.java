/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.stream.link.ClientLink;

/** A client of a stream, and what became of the frames that were not offered to it. */
final class ConnectedClient {
    final ClientLink link;
    final ClientCapabilities capabilities;

    /** What it wants; on the loop in the background. */
    volatile ClientWishes wishes = ClientWishes.DEFAULT;

    /** Frames that were not offered, as its queue was full; and of these, those for which it was waited in vain. */
    long dropped;

    long timedOut;

    private volatile boolean ready;

    /** It gets no more frames, but may hold some. */
    boolean left;

    /** The publisher waits for space in its queue. */
    boolean blocks;

    /** Frames it took and was not seen to release; an upper bound. */
    private int taken;

    ConnectedClient(ClientLink link, ClientCapabilities capabilities) {
        this.link = link;
        this.capabilities = capabilities;
    }

    /** On the loop in the background. Returns whether it was not before. */
    boolean becomesReady() {
        boolean was = ready;
        ready = true;
        return !was;
    }

    /** Counts a frame more. Returns whether it holds more than its own terms say. */
    boolean takesTooMuch() {
        taken++;
        int most = link.terms().maxAcquired() + link.terms().capacity();
        if (taken > most) {
            taken = link.holdings();
        }
        return taken > most;
    }

    StreamClient describe() {
        return new StreamClient(
                link.id(),
                link.pid(),
                ready,
                link.offers(),
                link.replaced(),
                dropped,
                timedOut,
                link.waiting(),
                link.holdings(),
                Latency.of(link.latencies()),
                wishes);
    }
}

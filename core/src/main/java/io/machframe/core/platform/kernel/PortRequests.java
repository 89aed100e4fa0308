/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import org.jspecify.annotations.Nullable;

/**
 * What the holder of a receive right asked to be told, and through which send-once rights. It goes where the receive
 * right goes. Guarded by the space of the task that holds it.
 */
public final class PortRequests {
    private @Nullable SendEnd noSenders;
    private @Nullable SendEnd portDestroyed;

    /** There was a sender since no-senders was asked for, so that there being none now is news. */
    private boolean hadSenders;

    public @Nullable SendEnd noSenders() {
        return noSenders;
    }

    /** Registers a right for no-senders and returns the one before, both the caller's to give and to keep. */
    public @Nullable SendEnd noSenders(@Nullable SendEnd right) {
        SendEnd previous = noSenders;
        noSenders = right;
        hadSenders = false;
        return previous;
    }

    public boolean hadSenders() {
        return hadSenders;
    }

    public void senderSeen() {
        hadSenders = true;
    }

    public @Nullable SendEnd portDestroyed() {
        return portDestroyed;
    }

    public @Nullable SendEnd portDestroyed(@Nullable SendEnd right) {
        SendEnd previous = portDestroyed;
        portDestroyed = right;
        return previous;
    }

    /** The port dies: rights that were not used are dropped, which tells their ports. */
    public void close() {
        SendEnd unusedNoSenders = noSenders(null);
        SendEnd unusedPortDestroyed = portDestroyed(null);
        if (unusedNoSenders != null) {
            unusedNoSenders.close();
        }
        if (unusedPortDestroyed != null) {
            unusedPortDestroyed.close();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import org.jspecify.annotations.Nullable;

/** Where a {@link FrameClient} has its frames from: one connection, {@link Subscription}, or each that a name has. */
interface FrameFeed extends AutoCloseable {
    String name();

    FrameFormat format();

    ClientState state();

    /** Returns how often it has connected. */
    int connections();

    /**
     * Receives a frame.
     *
     * @param nanos how long to wait for one, {@link Deadline#NEVER} for any time
     * @return null if none came in that time, or nothing more comes
     */
    @Nullable
    Frame receive(long nanos) throws MachException, InterruptedException;

    /** Returns why nothing more comes, null if something may. */
    @Nullable
    StreamEnd end();

    /** Returns why the last connection that ended did, null if none has. */
    @Nullable
    StreamEnd lastEnd();

    /** Sends to the publisher's program, if there is one that has space for it now. */
    boolean trySend(byte[] message);

    /** Says what the client can bear and wants, to each publisher. */
    boolean tryTell(ClientWishes wishes);

    /** Returns what the publisher says of itself. */
    ServerCapabilities server();

    /** Has something run by a thread that must not wait, when it is worth to receive after {@link #wantNews}. */
    void onNews(@Nullable Runnable listener);

    /** Asks for one call of the listener given to {@link #onNews}, unless it is worth to receive already. */
    boolean wantNews();

    /** Returns whether as many frames are open as may be, so that none can be received. */
    boolean isFull();

    /** Has something run, by whichever thread closes it, after each frame that is closed. */
    void onRelease(@Nullable Runnable listener);

    ClientStatistics statistics();

    @Override
    void close();
}

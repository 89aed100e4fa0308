/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;

/** Called for the frames of a client, one call at a time: {@link FrameClient#listen}, {@link FrameClient#runLoopSource}. */
@FunctionalInterface
public interface FrameListener {
    /** A frame came. It is closed when this returns, and must not be used after that. */
    void received(Frame frame);

    /** The client has connected, and connects again after {@link #waiting}; its first frame follows. */
    default void connected() {}

    /** The client follows a name that is not published now, or no more: {@link FrameClient.Builder#follow}. */
    default void waiting() {}

    /** The stream is over; nothing follows. */
    default void ended(StreamEnd reason) {}

    /**
     * A frame could not be received; nothing follows. Called on another thread than the executor's if that takes nothing any
     * more.
     */
    default void failed(MachException reason) {
        System.getLogger(FrameClient.class.getName())
                .log(System.Logger.Level.WARNING, "a client receives no more frames", reason);
    }
}

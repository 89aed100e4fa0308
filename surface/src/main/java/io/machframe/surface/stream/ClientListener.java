/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * Told of the clients of a stream, {@link FrameServer.Builder#clients}: one call at a time, in order, on the executor that
 * was given with it.
 */
public interface ClientListener {
    /** A client was let in. */
    default void connected(StreamClient client) {}

    /** A client begins to receive. */
    default void ready(StreamClient client) {}

    /** A client says anew what it can bear and wants: {@link StreamClient#wishes}, and {@link FrameServer#wishes} of all. */
    default void wishes(StreamClient client) {}

    /** A client has left, died, or was disconnected. */
    default void left(StreamClient client) {}

    /**
     * A client sent something for this program, {@link FrameClient#trySend}.
     *
     * @param message at most {@link FrameClient#MAX_MESSAGE_BYTES} bytes, from a process that may send anything
     */
    default void message(StreamClient client, byte[] message) {}
}

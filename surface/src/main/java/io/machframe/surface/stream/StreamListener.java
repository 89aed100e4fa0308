/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;

/** Told of the streams that processes of this user publish, one call at a time: {@link StreamDirectory#watch}. */
public interface StreamListener {
    /** A stream is published; at first this is called for each that there is. */
    default void appeared(StreamDescription stream) {}

    /** A stream looks different from now on, or another process publishes it. */
    default void changed(StreamDescription before, StreamDescription now) {}

    /** A stream is not published any more: it was closed, or its publisher died. */
    default void gone(StreamDescription stream) {}

    /** The directory cannot be watched any more; nothing follows. */
    default void failed(MachException reason) {
        System.getLogger(StreamWatch.class.getName())
                .log(System.Logger.Level.WARNING, "the list of streams is not watched any more", reason);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.stream.link.ServerLink;

/** Why a stream brings no more frames. */
public enum StreamEnd {
    /** The publisher closed it. */
    ENDED(1),
    /** The publisher died without a word. */
    PRODUCER_LOST(ServerLink.LOST),
    /** The client was disconnected because its queue was full, {@link Delivery.Queue#disconnect}. */
    TOO_SLOW(2),
    /** The client was disconnected because it broke the rules of the protocol. */
    REFUSED(3),
    /** The publisher changed to a format that the client does not take, {@link FrameClient.Builder#capabilities}. */
    UNSUITABLE(4);

    private final int code;

    StreamEnd(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /** Returns the reason that a server gave; a number that it must not give counts as a loss. */
    static StreamEnd of(int code) {
        for (StreamEnd end : values()) {
            if (end.code == code) {
                return end;
            }
        }
        return PRODUCER_LOST;
    }
}

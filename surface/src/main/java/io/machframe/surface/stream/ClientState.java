/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/** How a client stands with its stream. */
public enum ClientState {
    /** It follows a name that is not published now, and connects when it is. */
    WAITING,
    /** It is connected. */
    CONNECTED,
    /** Nothing more comes: {@link FrameClient#end} says why. */
    ENDED
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

/** What stands at the place of a right in a received message. */
public enum RightKind {
    /** The sender put no right there. */
    NULL,
    /** A right whose port died before it was received; there is nothing to take or release. */
    DEAD,
    SEND,
    SEND_ONCE,
    RECEIVE
}

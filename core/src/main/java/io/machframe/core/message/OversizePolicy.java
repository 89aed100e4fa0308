/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

/** What becomes of a message that does not fit a {@link ReceiveBuffer}. */
public enum OversizePolicy {
    /**
     * It is destroyed with all rights in it, which notifies a sender that waits for a reply, and the receiver gets a
     * {@link io.machframe.core.error.MessageTooLargeException}: for receivers that know how large their messages are.
     */
    ERROR,
    /**
     * It stays the first of its queue, and the receiver gets a
     * {@link io.machframe.core.error.MessageTooLargeException} that says how much space it needs, {@code MACH_RCV_LARGE}.
     */
    KEEP,
    /** The buffer grows. */
    GROW
}

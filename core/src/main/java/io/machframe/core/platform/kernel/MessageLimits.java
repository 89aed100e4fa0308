/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import io.machframe.core.platform.MessageLayout;

/** How much one message can be. {@code ipc_kmsg.c} */
public final class MessageLimits {
    /** The most bytes: three quarters of 64 MiB, less the room of a trailer. */
    public static final int MAX_SIZE = (48 << 20) - MessageLayout.MAX_TRAILER_SIZE;

    /** The most rights of a message's descriptors; the reply right does not count. */
    public static final int MAX_RIGHTS = 16383;

    /** Memory goes along with the message's bytes as long as they are no more than this together: a copy is cheaper. */
    static final int MAX_INLINE = 128 * 1024;

    private MessageLimits() {}
}

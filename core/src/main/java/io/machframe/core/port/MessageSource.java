/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

/** Where messages can be received: one port, or a set of them. */
public sealed interface MessageSource permits ReceiveRight, PortSet {
    /** The task that receives here. */
    Task task();

    /** Returns whether it was neither closed nor moved. */
    boolean isOpen();

    /**
     * Returns the name to receive with. It is not pinned, because closing the source has to end a receive; names are not
     * used again soon, so a late one meets nothing.
     *
     * @throws IllegalStateException if it was closed or moved
     */
    int receiveName();
}

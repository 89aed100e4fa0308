/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

/** Where messages can be received: one port, or a set of them. */
public sealed interface MessageSource permits ReceiveRight, PortSet {
    /** The task that receives here. */
    Task task();

    /** Returns whether it was neither closed nor moved. */
    boolean isOpen();
}

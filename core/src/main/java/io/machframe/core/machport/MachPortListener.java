/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.machport;

import io.machframe.core.error.MachException;
import io.machframe.core.message.ReceivedMessage;

/**
 * What a {@link MachPort} calls: {@code CFMachPortCallBack} and the {@code CFMachPortContext} that belongs to it, in one
 * object.
 */
@FunctionalInterface
public interface MachPortListener {
    /**
     * A message came. Called on the thread that runs the loop; the message is closed afterwards, with the rights in it
     * that were not taken.
     *
     * @throws MachException is logged, and the loop goes on
     */
    void received(MachPort port, ReceivedMessage message) throws MachException;

    /** A port took this listener; {@code retain} of the context. Called by the thread that makes the port. */
    default void retained() {}

    /**
     * The peer died, and the port is not valid any more. Called at once on the
     * {@linkplain io.machframe.core.runloop.RunLoop#background loop in the background}; the invalidation itself waits
     * for the main loop, unless somebody calls {@link MachPort#invalidate} now. Not in CoreFoundation.
     */
    default void died(MachPort port) {}

    /** The port became invalid and will not call again; {@code release} of the context. Called by the thread that ends it. */
    default void released() {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source that is a port, a version 1 {@code CFRunLoopSource}: its handler gets each message that comes to the port.
 *
 * <p>All ports of a mode are waited for at once, in one port set, so a mode of a thousand costs no more than one of one.
 * They have their turns as the port set gives them; {@link #order} does not sort them.
 *
 * <p><b>Ownership.</b> The right stays the caller's. Closing it ends the messages; the source itself is then removed or
 * invalidated as any.
 */
public final class PortSource extends RunLoopSource {
    private final @Nullable ReceiveRight port;
    private final Handler handler;

    private PortSource(long order, @Nullable ReceiveRight port, Handler handler) {
        super(order);
        this.port = port;
        this.handler = handler;
    }

    /** What a port source does, {@code perform} of {@code CFRunLoopSourceContext1}. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Handles a message, on the thread that runs the loop. The loop closes it afterwards, with the rights in it that
         * were not taken.
         *
         * @return a reply that the loop sends to the message's reply right, or empty. The loop does not wait for room
         *     in a queue; a reply that cannot be sent is closed
         */
        Optional<OutgoingMessage> perform(ReceivedMessage message) throws MachException;
    }

    /** Makes a source, {@code CFRunLoopSourceCreate}. */
    public static PortSource of(long order, ReceiveRight port, Handler handler) {
        return new PortSource(order, port, handler);
    }

    /** Makes a source without a port. It can be added as any other, and is never performed. */
    public static PortSource withoutPort(long order) {
        return new PortSource(order, null, message -> Optional.empty());
    }

    /** Returns the port, {@code getPort} of {@code CFRunLoopSourceContext1}; empty if it has none. */
    public Optional<ReceiveRight> port() {
        return Optional.ofNullable(port);
    }

    Handler handler() {
        return handler;
    }
}

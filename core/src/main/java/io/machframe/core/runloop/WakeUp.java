/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.port.PortName;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;

/** The port whose message ends a loop's sleep. It takes one message: a loop need not be told twice. */
final class WakeUp implements AutoCloseable {
    private final ReceiveRight port;
    private final SendRight right;

    private WakeUp(ReceiveRight port, SendRight right) {
        this.port = port;
        this.right = right;
    }

    static WakeUp open() throws MachException {
        ReceiveRight port = Task.self().allocatePort(1);
        try {
            return new WakeUp(port, port.makeSend());
        } catch (MachException e) {
            port.close();
            throw e;
        }
    }

    ReceiveRight port() {
        return port;
    }

    PortName name() {
        return port.name();
    }

    void send() {
        try (OutgoingMessage message = OutgoingMessage.builder().build()) {
            message.trySendTo(right);
        } catch (MachException e) {
            throw new IllegalStateException("a run loop cannot be woken", e);
        }
    }

    @Override
    public void close() {
        right.close();
        port.close();
    }
}

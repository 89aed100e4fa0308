/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.FakeKernel;
import io.machframe.core.testing.RightsLedger;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A server and a client, two tasks over queues in memory. A test ends with nothing open: what it makes it gives back.
 */
@Timeout(60)
@ExtendWith(RightsLedger.class)
abstract class TwoTasks {
    final FakeKernel kernel = new FakeKernel();
    final MachKernel clientCalls = kernel.newTask();
    final Task server = PortAccess.get().taskOn(kernel.newTask());
    final Task client = PortAccess.get().taskOn(clientCalls);

    /** The server's port, and the client's right to it. */
    ReceiveRight inbox;

    SendRight toServer;

    @BeforeEach
    void connect() throws Exception {
        inbox = server.allocatePort();
        toServer = give(inbox, clientCalls, client);
    }

    @AfterEach
    void nothingIsLeft() {
        toServer.close();
        inbox.close();
        assertEquals(List.of(), kernel.open());
    }

    /** Gives a task a send right to another's port. */
    static SendRight give(ReceiveRight port, MachKernel takerCalls, Task taker) throws KernelException {
        int[] name = new int[1];
        MachKernel owner = (MachKernel) PortAccess.get().calls(port.task());
        assertEquals(
                0, takerCalls.insertObject(owner.receiveEnd(port.name().value()).makeSend(), name));
        return PortAccess.get().adoptSend(taker, name[0]);
    }
}

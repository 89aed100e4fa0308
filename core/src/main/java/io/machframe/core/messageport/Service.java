/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.bootstrap.Registration;
import io.machframe.core.error.MachException;
import io.machframe.core.error.ServiceActiveException;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import org.jspecify.annotations.Nullable;

/**
 * A name that this process serves, and its Mach port.
 *
 * @param registration null if the bootstrap server gave the port with the name
 */
record Service(ReceiveRight port, @Nullable Registration registration) implements AutoCloseable {
    /** Takes a name: by checking in, or, where the bootstrap server does not let us, by registering a port of our own. */
    static Service open(String name) throws MachException {
        try {
            return new Service(Bootstrap.checkIn(name), null);
        } catch (ServiceActiveException e) {
            throw e;
        } catch (MachException e) {
            return register(name);
        }
    }

    static Service register(String name) throws MachException {
        ReceiveRight port = Task.self().allocatePort();
        try (SendRight right = port.makeSend()) {
            return new Service(port, Bootstrap.register(name, right));
        } catch (MachException e) {
            port.close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (registration != null) {
            registration.close();
        }
        port.close();
    }
}

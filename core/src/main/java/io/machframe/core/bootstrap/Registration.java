/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.bootstrap;

import io.machframe.core.error.KernReturn;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.Mach;
import io.machframe.core.port.SendRight;

/** A name that was given to a port, {@link Bootstrap#register}. For any thread. */
public final class Registration implements AutoCloseable {
    private static final PortAccess ACCESS = PortAccess.get();

    private final String name;
    private final SendRight right;
    private boolean given;

    /** Takes {@code right} over. */
    Registration(String name, SendRight right) {
        this.name = name;
        this.right = right;
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    synchronized int register() {
        int port = ACCESS.pin(right);
        try {
            int code = Bootstrap.calls().register(name, port);
            given = code == KernReturn.KERN_SUCCESS;
            return code;
        } finally {
            ACCESS.unpin(right);
        }
    }

    /** The name is not this one's to give up. */
    synchronized void forget() {
        given = false;
        right.close();
    }

    /** Gives the name up, if it was not free already because the port died. Closing again does nothing. */
    @Override
    public synchronized void close() {
        // If the port is dead the name may be another's by now.
        if (given && !right.isDead()) {
            Bootstrap.calls().register(name, Mach.MACH_PORT_NULL);
        }
        forget();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.machport;

import io.machframe.core.runloop.RunLoop;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Ports whose death the main loop has not heard of. They are kept in one place, and the loop is asked once, because many
 * a program never runs its main loop.
 */
final class DeadPorts {
    private static final Set<MachPort> PORTS = Collections.newSetFromMap(new IdentityHashMap<>());
    private static boolean told;

    private DeadPorts() {}

    static synchronized void add(MachPort port) {
        PORTS.add(port);
        if (!told) {
            told = true;
            RunLoop.main().executor().execute(DeadPorts::invalidate);
        }
    }

    static synchronized void remove(MachPort port) {
        PORTS.remove(port);
    }

    private static void invalidate() {
        take().forEach(MachPort::invalidate);
    }

    private static synchronized List<MachPort> take() {
        List<MachPort> taken = List.copyOf(PORTS); // equal ones included: names can be the same
        PORTS.clear();
        told = false;
        return taken;
    }
}

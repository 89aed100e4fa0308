/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_PORT_SET;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_UREFS_MAX;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a task holds under one name. Guarded by its {@link PortSpace}. */
final class PortEntry {
    final int name;

    /** What the port is known by to others that arrive here; null once the name is dead. */
    @Nullable
    Object identity;

    @Nullable
    ReceiveEnd receive;
    /** The end that all send references of this name share. */
    @Nullable
    SendEnd send;

    @Nullable
    SendEnd sendOnce;

    @Nullable
    PortSet set;

    /** The sets that a receive right is in. */
    final Set<PortSet> sets = new HashSet<>(0);

    /** Where to tell that the port of this name died, or that its queue has room. */
    @Nullable
    SendEnd deadRequest;

    /** The request is for room, and death only in its stead. */
    boolean sendPossible;

    /** It is wanted since a send met a full queue, or from the start. */
    boolean awaitsRoom;

    int sendRefs;
    int deadRefs;

    /** Messages on their way that may still give a reference back: the name is not free until they are sent. */
    int pending;

    int makeSendCount;
    long context;
    boolean guarded;

    /** The context is secret as well: a strict guard. */
    boolean strict;

    PortEntry(int name) {
        this.name = name;
    }

    int type() {
        return (receive != null ? MACH_PORT_TYPE_RECEIVE : 0)
                | (sendRefs > 0 ? MACH_PORT_TYPE_SEND : 0)
                | (sendOnce != null ? MACH_PORT_TYPE_SEND_ONCE : 0)
                | (set != null ? MACH_PORT_TYPE_PORT_SET : 0)
                | (deadRefs > 0 ? MACH_PORT_TYPE_DEAD_NAME : 0);
    }

    boolean isEmpty() {
        return type() == 0 && pending == 0;
    }

    /** Adds a send reference, taking over {@code end}. A count at its maximum stays there. */
    void addSend(SendEnd end) {
        if (send == null) {
            send = end;
        } else {
            end.close();
        }
        sendRefs = Math.min(sendRefs + 1, MACH_PORT_UREFS_MAX);
    }

    void addDead(int references) {
        deadRefs = Math.min(deadRefs + references, MACH_PORT_UREFS_MAX);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;

import io.machframe.core.platform.Mach;
import java.util.Arrays;

/** What a task can ask and set of a receive right: status, counters, context and guard. Runs with the space's monitor held. */
final class ReceiveSettings {
    private final PortSpace space;

    ReceiveSettings(PortSpace space) {
        this.space = space;
    }

    /** Finds the entry of a receive right. {@code ipc_port_translate_receive} */
    PortEntry require(int name) throws KernelException {
        if (Mach.isNullOrDead(name)) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        PortEntry entry = space.require(name);
        if (entry.deadRefs > 0) {
            throw new KernelException(KERN_INVALID_NAME);
        }
        end(entry);
        return entry;
    }

    static ReceiveEnd end(PortEntry entry) throws KernelException {
        if (entry.receive == null) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        return entry.receive;
    }

    /** Writes {@code mach_port_status_t}. */
    void status(int name, int[] info) throws KernelException {
        PortEntry entry = require(name);
        ReceiveEnd receive = end(entry);
        Arrays.fill(info, 0, Mach.MACH_PORT_RECEIVE_STATUS_COUNT, 0);
        info[0] = entry.sets.isEmpty() ? 0 : 1;
        info[1] = receive.nextSequence();
        info[2] = entry.makeSendCount;
        info[3] = receive.queueLimit();
        info[4] = receive.queued();
        info[5] = receive.sendOnceRights();
        info[6] = receive.hasSenders() ? 1 : 0;
        info[7] = receive.requests().portDestroyed() != null ? 1 : 0;
        info[8] = receive.requests().noSenders() != null ? 1 : 0;
        info[9] = (entry.guarded ? Mach.MACH_PORT_STATUS_FLAG_GUARDED : 0)
                | (entry.strict ? Mach.MACH_PORT_STATUS_FLAG_STRICT_GUARD : 0);
    }

    void makeSendCount(int name, int count) throws KernelException {
        require(name).makeSendCount = count;
    }

    void sequenceNumber(int name, int number) throws KernelException {
        end(require(name)).nextSequence(number);
    }

    /** A strict guard is nobody's to read. */
    long context(int name) throws KernelException {
        PortEntry entry = require(name);
        return entry.strict ? 0 : entry.context;
    }

    void context(int name, long context) throws KernelException {
        PortEntry entry = require(name);
        if (entry.strict) {
            throw new KernelException(KERN_INVALID_ARGUMENT);
        }
        entry.context = context;
    }

    /** Has another answer for the constants than the rest. */
    void unguard(int name, long guard) throws KernelException {
        if (Mach.isNullOrDead(name)) {
            throw new KernelException(KERN_INVALID_NAME);
        }
        PortEntry entry = require(name);
        if (!entry.guarded || entry.context != guard) {
            throw new KernelException(KERN_INVALID_ARGUMENT);
        }
        entry.context = 0;
        entry.guarded = false;
        entry.strict = false;
    }
}

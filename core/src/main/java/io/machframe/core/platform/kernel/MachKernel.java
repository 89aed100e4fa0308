/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_FAILURE;
import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_CAPABILITY;
import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static io.machframe.core.platform.Mach.MACH_PORT_QLIMIT_DEFAULT;
import static io.machframe.core.platform.Mach.MACH_PORT_QLIMIT_MAX;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_NUMBER;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_PORT_SET;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_SEND;
import static io.machframe.core.platform.Mach.MACH_PORT_RIGHT_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_PORT_TYPE_DNREQUEST;
import static io.machframe.core.platform.Mach.MACH_PORT_UREFS_MAX;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MemoryCalls;
import io.machframe.core.platform.MessageBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The Mach calls of one task over ports of any {@link Transport}. The rules and codes are XNU's
 * ({@code osfmk/ipc/mach_port.c, ipc_right.c}).
 */
public final class MachKernel implements MachCalls {
    private final Transport transport;
    private final PortSpace space = new PortSpace();
    private final RightTransfer rights = new RightTransfer(space);
    private final ReceiveSettings settings = new ReceiveSettings(space);
    private final SetCalls sets = new SetCalls(space, settings);
    private final Notifications notifications;
    private final MessageCall messages;
    private final KernelMemory memory;

    public MachKernel(Transport transport) {
        this.transport = transport;
        this.notifications = new Notifications(space, settings, transport);
        this.messages = new MessageCall(transport, space, notifications);
        this.memory = new KernelMemory(this, transport.memory());
    }

    @Override
    public MessageBuffer newBuffer(int capacity) {
        return transport.newBuffer(capacity);
    }

    @Override
    public MemoryCalls memory() {
        return memory;
    }

    @Override
    public int allocate(int right, int[] name) {
        if (right == MACH_PORT_RIGHT_PORT_SET) {
            return call(() -> name[0] = space.insertSet(transport.createSet()).name);
        }
        if (right == MACH_PORT_RIGHT_RECEIVE) {
            return construct(0, 0, 0, name);
        }
        if (right != MACH_PORT_RIGHT_DEAD_NAME) {
            return KERN_INVALID_VALUE;
        }
        return call(() -> name[0] = space.insertDead().name);
    }

    @Override
    public int construct(int flags, int queueLimit, long context, int[] name) {
        int limit = (flags & Mach.MPO_QLIMIT) != 0 ? queueLimit : MACH_PORT_QLIMIT_DEFAULT;
        if (limit < 0 || limit > MACH_PORT_QLIMIT_MAX) {
            return KERN_INVALID_VALUE;
        }
        return call(() -> {
            ReceiveEnd port = transport.createPort(limit);
            PortEntry entry = space.insert(port);
            entry.context = context;
            entry.guarded = (flags & Mach.MPO_CONTEXT_AS_GUARD) != 0;
            entry.strict = (flags & Mach.MPO_STRICT) != 0;
            if ((flags & Mach.MPO_INSERT_SEND_RIGHT) != 0) {
                makeFirstSend(entry, port);
            }
            name[0] = entry.name;
        });
    }

    private void makeFirstSend(PortEntry entry, ReceiveEnd port) throws KernelException {
        try {
            entry.addSend(RightTransfer.makeSend(entry, port));
        } catch (KernelException e) {
            space.destroyReceive(entry);
            throw e;
        }
    }

    @Override
    public int destruct(int name, int sendDelta, long guard) {
        // As call, but no object is made: a port has to die also when there is no memory.
        synchronized (space) {
            try {
                notifications.check();
                destroy(space.require(name), sendDelta, guard);
                return KERN_SUCCESS;
            } catch (KernelException e) {
                return e.code();
            } finally {
                notifications.check();
            }
        }
    }

    private void destroy(PortEntry entry, int sendDelta, long guard) throws KernelException {
        requireHeld(entry.receive != null && (sendDelta == 0 || entry.sendRefs > 0));
        if (sendDelta > 0) {
            throw new KernelException(KERN_INVALID_VALUE);
        }
        if (entry.guarded && guard != entry.context) {
            throw new KernelException(KERN_INVALID_ARGUMENT);
        }
        if (sendDelta < 0) {
            addSendRefs(entry, sendDelta);
        }
        space.destroyReceive(entry);
    }

    @Override
    public int deallocate(int name) {
        if (Mach.isNullOrDead(name)) {
            return KERN_SUCCESS;
        }
        return call(() -> {
            PortEntry entry = space.requireAsItIs(name);
            if (entry.sendRefs > 0) {
                space.takeSend(entry).close();
            } else if (entry.sendOnce != null) {
                dropSendOnce(entry);
            } else if (entry.deadRefs > 0) {
                addDeadRefs(entry, -1);
            } else if (entry.set != null) {
                space.destroySet(entry);
            } else {
                throw new KernelException(KERN_INVALID_RIGHT);
            }
        });
    }

    @Override
    public int modRefs(int name, int right, int delta) {
        if (right < 0 || right >= MACH_PORT_RIGHT_NUMBER) {
            return KERN_INVALID_VALUE;
        }
        if (Mach.isNullOrDead(name)) {
            return right == MACH_PORT_RIGHT_SEND || right == MACH_PORT_RIGHT_SEND_ONCE
                    ? KERN_SUCCESS
                    : KERN_INVALID_NAME;
        }
        return call(() -> {
            PortEntry entry = space.require(name);
            switch (right) {
                case MACH_PORT_RIGHT_SEND -> addSendRefs(entry, delta);
                case MACH_PORT_RIGHT_DEAD_NAME -> addDeadRefs(entry, delta);
                case MACH_PORT_RIGHT_RECEIVE -> {
                    requireHeld(entry.receive != null);
                    if (requireOneDown(delta)) {
                        if (entry.guarded) {
                            throw new KernelException(KERN_INVALID_RIGHT);
                        }
                        space.destroyReceive(entry);
                    }
                }
                case MACH_PORT_RIGHT_PORT_SET -> {
                    requireHeld(entry.set != null);
                    if (requireOneDown(delta)) {
                        space.destroySet(entry);
                    }
                }
                case MACH_PORT_RIGHT_SEND_ONCE -> {
                    requireHeld(entry.sendOnce != null);
                    if (requireOneDown(delta)) {
                        dropSendOnce(entry);
                    }
                }
                default -> throw new KernelException(KERN_INVALID_RIGHT);
            }
        });
    }

    @Override
    public int getRefs(int name, int right, int[] refs) {
        if (right < 0 || right >= MACH_PORT_RIGHT_NUMBER) {
            return KERN_INVALID_VALUE;
        }
        if (Mach.isNullOrDead(name)) {
            if (right != MACH_PORT_RIGHT_SEND && right != MACH_PORT_RIGHT_SEND_ONCE) {
                return KERN_INVALID_NAME;
            }
            refs[0] = 1;
            return KERN_SUCCESS;
        }
        return call(() -> {
            PortEntry entry = space.require(name);
            refs[0] = switch (right) {
                case MACH_PORT_RIGHT_SEND -> entry.sendRefs;
                case MACH_PORT_RIGHT_DEAD_NAME -> entry.deadRefs;
                case MACH_PORT_RIGHT_RECEIVE -> entry.receive != null ? 1 : 0;
                case MACH_PORT_RIGHT_SEND_ONCE -> entry.sendOnce != null ? 1 : 0;
                case MACH_PORT_RIGHT_PORT_SET -> entry.set != null ? 1 : 0;
                default -> 0;
            };
        });
    }

    @Override
    public int type(int name, int[] type) {
        if (name == MACH_PORT_DEAD) {
            type[0] = MACH_PORT_TYPE_DEAD_NAME;
            return KERN_SUCCESS;
        }
        return call(() -> {
            PortEntry entry = space.require(name);
            boolean requested = entry.deadRequest != null && !entry.sendPossible;
            type[0] = entry.type() | (requested ? MACH_PORT_TYPE_DNREQUEST : 0);
        });
    }

    @Override
    public int insertRight(int name, int right, int disposition) {
        return call(() -> {
            PortEnd end = takeToInsert(name, space.require(right), disposition);
            try {
                if (Mach.isNullOrDead(name)) {
                    throw new KernelException(KERN_INVALID_VALUE);
                }
                if (end == null) {
                    throw new KernelException(KERN_INVALID_CAPABILITY);
                }
                space.insert(end, name);
            } catch (KernelException e) {
                if (end != null) {
                    end.close();
                }
                throw e;
            }
        });
    }

    /** As a trap the call takes the right first, and looks at the name after that. Returns null for a dead one. */
    private @Nullable PortEnd takeToInsert(int name, PortEntry source, int disposition) throws KernelException {
        requireHeld(RightTransfer.isDisposition(disposition));
        boolean sends = disposition == MACH_MSG_TYPE_MAKE_SEND || disposition == MACH_MSG_TYPE_COPY_SEND;
        boolean deadItself = sends && source.name == name && source.deadRefs > 0;
        return deadItself ? null : rights.take(source.name, disposition);
    }

    @Override
    public int extractRight(int name, int disposition, int[] out) {
        if (!RightTransfer.isDisposition(disposition)) {
            return KERN_INVALID_VALUE;
        }
        if (Mach.isNullOrDead(name)) {
            return KERN_INVALID_RIGHT;
        }
        return call(() -> {
            PortEnd end = rights.take(name, disposition);
            out[0] = end == null ? MACH_PORT_DEAD : named(end);
            out[1] = RightTransfer.asReceived(disposition);
        });
    }

    private int named(PortEnd end) throws KernelException {
        try {
            return space.insert(end).name;
        } catch (KernelException noSpace) {
            end.close();
            throw noSpace;
        }
    }

    @Override
    public int getAttributes(int name, int flavor, int[] info) {
        return call(() -> {
            switch (flavor) {
                case Mach.MACH_PORT_LIMITS_INFO -> {
                    requireCount(info, Mach.MACH_PORT_LIMITS_INFO_COUNT);
                    if (!Mach.isNullOrDead(name)) { // else XNU answers success and writes nothing
                        info[0] = ReceiveSettings.end(settings.require(name)).queueLimit();
                    }
                }
                case Mach.MACH_PORT_RECEIVE_STATUS -> {
                    requireCount(info, Mach.MACH_PORT_RECEIVE_STATUS_COUNT);
                    settings.status(name, info);
                }
                default -> throw new KernelException(KERN_INVALID_ARGUMENT);
            }
        });
    }

    @Override
    public int setAttributes(int name, int flavor, int[] info) {
        return call(() -> {
            if (flavor != Mach.MACH_PORT_LIMITS_INFO) {
                throw new KernelException(KERN_INVALID_ARGUMENT);
            }
            requireCount(info, Mach.MACH_PORT_LIMITS_INFO_COUNT);
            if (info[0] < 0 || info[0] > MACH_PORT_QLIMIT_MAX) {
                throw new KernelException(KERN_INVALID_VALUE);
            }
            ReceiveSettings.end(settings.require(name)).queueLimit(info[0]);
        });
    }

    /** Releases all rights under a name, whatever their counts, {@code mach_port_destroy}. */
    public int destroy(int name) {
        return Mach.isNullOrDead(name) ? KERN_SUCCESS : call(() -> destroy(space.require(name)));
    }

    private void destroy(PortEntry entry) throws KernelException {
        if (entry.guarded) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        if (entry.sendRefs > 0) {
            space.dropSend(entry);
        }
        space.destroyReceive(entry);
        dropSendOnce(entry);
        space.destroySet(entry);
        entry.deadRefs = 0;
        space.dropIfEmpty(entry);
    }

    @Override
    public int setMakeSendCount(int name, int count) {
        return call(() -> settings.makeSendCount(name, count));
    }

    @Override
    public int setSequenceNumber(int name, int number) {
        return call(() -> settings.sequenceNumber(name, number));
    }

    @Override
    public int getContext(int name, long[] context) {
        return call(() -> context[0] = settings.context(name));
    }

    @Override
    public int setContext(int name, long context) {
        return call(() -> settings.context(name, context));
    }

    @Override
    public int unguard(int name, long guard) {
        return call(() -> settings.unguard(name, guard));
    }

    @Override
    public int insertMember(int name, int set) {
        return call(() -> sets.insert(name, set));
    }

    @Override
    public int extractMember(int name, int set) {
        return call(() -> sets.extract(name, set));
    }

    @Override
    public int moveMember(int name, int set) {
        return call(() -> sets.move(name, set));
    }

    @Override
    public int getSetStatus(int name, int[][] members) {
        return call(() -> members[0] = sets.members(name));
    }

    @Override
    public int requestNotification(int name, int id, int sync, int notify, int disposition, int[] previous) {
        return call(() -> {
            SendEnd right = notify == MACH_PORT_NULL ? null : takeSendOnce(notify, disposition);
            try {
                SendEnd replaced = notifications.request(name, id, sync, right);
                previous[0] = replaced == null ? MACH_PORT_NULL : named(replaced);
            } catch (KernelException e) {
                if (right != null) {
                    right.close();
                }
                throw e;
            }
        });
    }

    private SendEnd takeSendOnce(int name, int disposition) throws KernelException {
        boolean once = RightTransfer.asReceived(disposition) == Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
        PortEnd right = once ? rights.take(name, disposition) : null;
        if (!(right instanceof SendEnd end)) {
            throw new KernelException(KERN_INVALID_CAPABILITY);
        }
        return end;
    }

    @Override
    public int message(MessageBuffer buffer, int options, int sendSize, int receiveSize, int receiveName, int timeout) {
        return messages.run(buffer, options, sendSize, receiveSize, receiveName, timeout);
    }

    /**
     * Gives the caller a send right to an object that the kernel itself serves, such as memory. It coalesces, travels
     * and is released as any send right.
     *
     * @param end the object's end, taken over whatever the answer
     */
    public int insertObject(SendEnd end, int[] name) {
        int answer = call(() -> name[0] = space.insert(end).name);
        if (answer != KERN_SUCCESS) {
            end.close();
        }
        return answer;
    }

    /** Returns the end behind a send right, retained for the caller, or null if the name holds none that lives. */
    public @Nullable SendEnd object(int name) {
        synchronized (space) {
            PortEntry entry = space.find(name);
            return entry == null || entry.send == null ? null : entry.send.retain();
        }
    }

    /** Ends the task, as the end of a process does: all rights under all its names are released. */
    public void terminate() {
        synchronized (space) {
            for (PortEntry entry : space.entries()) {
                entry.guarded = false;
                call(() -> destroy(entry));
            }
            notifications.close();
        }
    }

    /** Returns the receive end under a name, still owned by the name, or null. */
    public @Nullable ReceiveEnd receiveEnd(int name) {
        synchronized (space) {
            PortEntry entry = space.find(name);
            return entry == null ? null : entry.receive;
        }
    }

    private interface Call {
        void run() throws KernelException;
    }

    private int call(Call call) {
        synchronized (space) {
            try {
                notifications.check();
                call.run();
                return KERN_SUCCESS;
            } catch (KernelException e) {
                return e.code();
            } finally {
                notifications.check();
            }
        }
    }

    private static void requireHeld(boolean held) throws KernelException {
        if (!held) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
    }

    private static void requireCount(int[] info, int count) throws KernelException {
        if (info.length < count) {
            throw new KernelException(KERN_FAILURE);
        }
    }

    private static boolean requireOneDown(int delta) throws KernelException {
        if (delta != 0 && delta != -1) {
            throw new KernelException(KERN_INVALID_VALUE);
        }
        return delta == -1;
    }

    private void addSendRefs(PortEntry entry, int delta) throws KernelException {
        requireHeld(entry.sendRefs > 0);
        int refs = newRefs(entry.sendRefs, delta);
        if (refs == 0) {
            space.dropSend(entry);
        } else {
            entry.sendRefs = refs;
        }
    }

    private void addDeadRefs(PortEntry entry, int delta) throws KernelException {
        requireHeld(entry.deadRefs > 0);
        entry.deadRefs = newRefs(entry.deadRefs, delta);
        space.dropIfEmpty(entry);
    }

    /** A count that reached its maximum moves no more, except away all at once. */
    private static int newRefs(int refs, int delta) throws KernelException {
        if (delta < -refs || delta > MACH_PORT_UREFS_MAX) {
            throw new KernelException(KERN_INVALID_VALUE);
        }
        if (refs == MACH_PORT_UREFS_MAX && delta != -MACH_PORT_UREFS_MAX) {
            return refs;
        }
        return Math.min(refs + delta, MACH_PORT_UREFS_MAX);
    }

    private void dropSendOnce(PortEntry entry) {
        SendEnd once = entry.sendOnce;
        if (once != null) {
            entry.sendOnce = null;
            notifications.sendChanged(entry);
            once.close();
            space.dropIfEmpty(entry);
        }
    }
}

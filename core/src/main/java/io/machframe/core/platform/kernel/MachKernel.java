/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_FAILURE;
import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_CAPABILITY;
import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.error.KernReturn.KERN_NAME_EXISTS;
import static io.machframe.core.error.KernReturn.KERN_NOT_SUPPORTED;
import static io.machframe.core.error.KernReturn.KERN_RIGHT_EXISTS;
import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_COPY_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND;
import static io.machframe.core.platform.Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
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
import static io.machframe.core.platform.Mach.MACH_PORT_UREFS_MAX;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The Mach calls of one task over ports of any {@link Transport}. The rules and codes are XNU's
 * ({@code osfmk/ipc/mach_port.c, ipc_right.c}).
 *
 * <p>Port sets, notifications and moving a receive right are not here yet: they answer {@code KERN_NOT_SUPPORTED}.
 */
public final class MachKernel implements MachCalls {
    private final Transport transport;
    private final PortSpace space = new PortSpace();
    private final MessageCall messages;

    public MachKernel(Transport transport) {
        this.transport = transport;
        this.messages = new MessageCall(transport, space);
    }

    @Override
    public MessageBuffer newBuffer(int capacity) {
        return transport.newBuffer(capacity);
    }

    @Override
    public int allocate(int right, int[] name) {
        if (right == MACH_PORT_RIGHT_PORT_SET) {
            return KERN_NOT_SUPPORTED;
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
            PortEntry entry = space.insertReceive(transport.createPort(limit));
            entry.context = context;
            entry.guarded = (flags & Mach.MPO_CONTEXT_AS_GUARD) != 0;
            if ((flags & Mach.MPO_INSERT_SEND_RIGHT) != 0) {
                makeFirstSend(entry);
            }
            name[0] = entry.name;
        });
    }

    private void makeFirstSend(PortEntry entry) throws KernelException {
        try {
            makeSend(entry);
        } catch (KernelException e) {
            space.destroyReceive(entry);
            throw e;
        }
    }

    @Override
    public int destruct(int name, int sendDelta, long guard) {
        return call(() -> {
            PortEntry entry = requireReceive(name);
            requireHeld(sendDelta == 0 || entry.sendRefs > 0);
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
        });
    }

    @Override
    public int deallocate(int name) {
        if (isNullOrDead(name)) {
            return KERN_SUCCESS;
        }
        return call(() -> {
            PortEntry entry = space.require(name);
            if (entry.sendRefs > 0) {
                space.takeSend(entry).close();
            } else if (entry.sendOnce != null) {
                dropSendOnce(entry);
            } else if (entry.deadRefs > 0) {
                addDeadRefs(entry, -1);
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
        if (isNullOrDead(name)) {
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
        if (isNullOrDead(name)) {
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
        return call(() -> type[0] = space.require(name).type());
    }

    @Override
    public int insertRight(int name, int right, int disposition) {
        if (disposition < MACH_MSG_TYPE_MOVE_RECEIVE
                || disposition > MACH_MSG_TYPE_MAKE_SEND_ONCE
                || isNullOrDead(name)) {
            return KERN_INVALID_VALUE;
        }
        return call(() -> {
            if (isNullOrDead(right)) {
                throw new KernelException(KERN_INVALID_CAPABILITY);
            }
            PortEntry source = space.require(right);
            if (source.deadRefs > 0) {
                throw new KernelException(KERN_INVALID_CAPABILITY);
            }
            requireHeld(source, disposition);
            requireOwnName(source, disposition, name);
            if (disposition == MACH_MSG_TYPE_MAKE_SEND) {
                makeSend(source);
            } else if (disposition == MACH_MSG_TYPE_COPY_SEND) {
                addSendRefs(source, 1);
            }
        });
    }

    /** A port has one name in a task, and a send-once right one of its own: nothing moves from name to name. */
    private void requireOwnName(PortEntry source, int disposition, int name) throws KernelException {
        if (disposition == MACH_MSG_TYPE_MAKE_SEND_ONCE
                || (disposition == MACH_MSG_TYPE_MOVE_SEND_ONCE && source.name != name)) {
            throw new KernelException(space.find(name) != null ? KERN_NAME_EXISTS : KERN_NOT_SUPPORTED);
        }
        if (source.name != name) {
            throw new KernelException(KERN_RIGHT_EXISTS);
        }
    }

    @Override
    public int extractRight(int name, int disposition, int[] out) {
        if (disposition < MACH_MSG_TYPE_MOVE_RECEIVE || disposition > MACH_MSG_TYPE_MAKE_SEND_ONCE) {
            return KERN_INVALID_VALUE;
        }
        if (isNullOrDead(name)) {
            return KERN_INVALID_RIGHT;
        }
        return call(() -> {
            PortEntry entry = space.require(name);
            if (entry.deadRefs > 0
                    && disposition <= MACH_MSG_TYPE_COPY_SEND
                    && disposition != MACH_MSG_TYPE_MOVE_RECEIVE) {
                extractDead(entry, disposition, out);
                return;
            }
            requireHeld(entry, disposition);
            switch (disposition) {
                case MACH_MSG_TYPE_MAKE_SEND -> {
                    makeSend(entry);
                    answer(out, name, MACH_MSG_TYPE_MOVE_SEND);
                }
                case MACH_MSG_TYPE_COPY_SEND -> {
                    addSendRefs(entry, 1);
                    answer(out, name, MACH_MSG_TYPE_MOVE_SEND);
                }
                case MACH_MSG_TYPE_MAKE_SEND_ONCE -> {
                    SendEnd once = requireReceiveHeld(entry).makeSendOnce();
                    answer(out, space.insertSendOnce(once).name, MACH_MSG_TYPE_MOVE_SEND_ONCE);
                }
                case MACH_MSG_TYPE_MOVE_SEND, MACH_MSG_TYPE_MOVE_SEND_ONCE -> answer(out, name, disposition);
                default -> throw new KernelException(KERN_NOT_SUPPORTED);
            }
        });
    }

    /** A right whose port died comes out as the dead name itself, with nothing to release. */
    private void extractDead(PortEntry entry, int disposition, int[] out) {
        if (disposition != MACH_MSG_TYPE_COPY_SEND) {
            space.takeDead(entry);
        }
        boolean once = disposition == MACH_MSG_TYPE_MOVE_SEND_ONCE;
        answer(out, MACH_PORT_DEAD, once ? MACH_MSG_TYPE_MOVE_SEND_ONCE : MACH_MSG_TYPE_MOVE_SEND);
    }

    @Override
    public int getAttributes(int name, int flavor, int[] info) {
        return call(() -> {
            switch (flavor) {
                case Mach.MACH_PORT_LIMITS_INFO -> {
                    requireCount(info, Mach.MACH_PORT_LIMITS_INFO_COUNT);
                    if (!isNullOrDead(name)) { // else XNU answers success and writes nothing
                        info[0] = requireReceiveHeld(space.require(name)).queueLimit();
                    }
                }
                case Mach.MACH_PORT_RECEIVE_STATUS -> {
                    requireCount(info, Mach.MACH_PORT_RECEIVE_STATUS_COUNT);
                    writeStatus(requireReceiveForAttributes(name), info);
                }
                default -> throw new KernelException(KERN_INVALID_ARGUMENT);
            }
        });
    }

    private static void writeStatus(PortEntry entry, int[] info) throws KernelException {
        ReceiveEnd receive = requireReceiveHeld(entry);
        Arrays.fill(info, 0, Mach.MACH_PORT_RECEIVE_STATUS_COUNT, 0);
        info[1] = receive.nextSequence();
        info[2] = entry.makeSendCount;
        info[3] = receive.queueLimit();
        info[4] = receive.queued();
        info[5] = receive.sendOnceRights();
        info[6] = receive.hasSenders() ? 1 : 0;
        info[9] = entry.guarded ? 2 : 0;
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
            requireReceiveHeld(requireReceiveForAttributes(name)).queueLimit(info[0]);
        });
    }

    @Override
    public int message(
            MessageBuffer buffer,
            int options,
            int sendSize,
            int receiveSize,
            int receiveName,
            int timeout,
            int notify) {
        return messages.run(buffer, options, sendSize, receiveSize, receiveName, timeout);
    }

    /**
     * Gives the caller a send right to an object that the kernel itself serves, such as memory. It coalesces, travels
     * and is released as any send right.
     *
     * @param end the object's end, taken over whatever the answer
     */
    public int insertObject(SendEnd end, int[] name) {
        int answer = call(() -> name[0] = space.insertSend(end).name);
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
                call.run();
                return KERN_SUCCESS;
            } catch (KernelException e) {
                return e.code();
            }
        }
    }

    private static boolean isNullOrDead(int name) {
        return name == MACH_PORT_NULL || name == MACH_PORT_DEAD;
    }

    private static void answer(int[] out, int name, int disposition) {
        out[0] = name;
        out[1] = disposition;
    }

    private static void requireHeld(boolean held) throws KernelException {
        if (!held) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
    }

    /** Requires the right that a disposition takes or is made from. */
    private static void requireHeld(PortEntry entry, int disposition) throws KernelException {
        requireHeld(
                switch (disposition) {
                    case MACH_MSG_TYPE_COPY_SEND, MACH_MSG_TYPE_MOVE_SEND -> entry.sendRefs > 0;
                    case MACH_MSG_TYPE_MOVE_SEND_ONCE -> entry.sendOnce != null;
                    default -> entry.receive != null;
                });
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

    private static ReceiveEnd requireReceiveHeld(PortEntry entry) throws KernelException {
        if (entry.receive == null) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        return entry.receive;
    }

    private PortEntry requireReceive(int name) throws KernelException {
        PortEntry entry = space.require(name);
        requireReceiveHeld(entry);
        return entry;
    }

    private PortEntry requireReceiveForAttributes(int name) throws KernelException {
        if (isNullOrDead(name)) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        return space.require(name);
    }

    private void makeSend(PortEntry entry) throws KernelException {
        SendEnd held = entry.send;
        entry.addSend(held != null ? held.retain() : requireReceiveHeld(entry).makeSend());
        entry.makeSendCount++;
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
            once.close();
            space.dropIfEmpty(entry);
        }
    }
}

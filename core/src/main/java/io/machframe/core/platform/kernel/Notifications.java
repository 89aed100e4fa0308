/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import static io.machframe.core.error.KernReturn.KERN_FAILURE;
import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.platform.Mach.MACH_NOTIFY_DEAD_NAME;
import static io.machframe.core.platform.Mach.MACH_NOTIFY_NO_SENDERS;
import static io.machframe.core.platform.Mach.MACH_NOTIFY_PORT_DELETED;
import static io.machframe.core.platform.Mach.MACH_NOTIFY_PORT_DESTROYED;
import static io.machframe.core.platform.Mach.MACH_NOTIFY_SEND_POSSIBLE;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a task asked to be told, and the telling. {@code mach_port_request_notification, ipc_notify.c}
 *
 * <p>A request is fulfilled once. What happens elsewhere is noticed by a {@link Watch}; so that one thread's calls see
 * their own effects at once, each call asks it as well. Runs with the space's monitor held.
 */
final class Notifications {
    private final PortSpace space;
    private final ReceiveSettings settings;
    private final Transport transport;
    private final Parcel parcel = new Parcel();
    private final MessageBuffer buffer;
    private @Nullable Watch watch;

    Notifications(PortSpace space, ReceiveSettings settings, Transport transport) {
        this.space = space;
        this.settings = settings;
        this.transport = transport;
        this.buffer = transport.newBuffer(Notice.MAX_SIZE);
        space.notifications(this);
    }

    /** Registers {@code notify}, or cancels with null, and returns what was registered before. Takes over on success. */
    @Nullable
    SendEnd request(int name, int id, int sync, @Nullable SendEnd notify) throws KernelException {
        return switch (id) {
            case MACH_NOTIFY_NO_SENDERS -> requestNoSenders(settings.require(name), sync, notify);
            case MACH_NOTIFY_PORT_DESTROYED -> requestPortDestroyed(name, sync, notify);
            case MACH_NOTIFY_DEAD_NAME, MACH_NOTIFY_SEND_POSSIBLE ->
                requestDeadName(name, id == MACH_NOTIFY_SEND_POSSIBLE, sync, notify);
            default -> throw new KernelException(KERN_INVALID_VALUE);
        };
    }

    private @Nullable SendEnd requestNoSenders(PortEntry entry, int sync, @Nullable SendEnd notify)
            throws KernelException {
        ReceiveEnd receive = ReceiveSettings.end(entry);
        boolean senders = receive.hasSenders();
        PortRequests requests = receive.requests();
        if (notify != null && !senders && Integer.compareUnsigned(sync, entry.makeSendCount) <= 0) {
            SendEnd previous = requests.noSenders(null);
            receiveReleased(entry);
            tell(notify, MACH_NOTIFY_NO_SENDERS, entry.makeSendCount);
            return previous;
        }
        SendEnd previous = requests.noSenders(notify);
        if (notify != null) {
            notify.registered();
        }
        if (senders) {
            requests.senderSeen();
        }
        receiveHeld(entry, receive);
        return previous;
    }

    private @Nullable SendEnd requestPortDestroyed(int name, int sync, @Nullable SendEnd notify)
            throws KernelException {
        if (sync != 0) {
            throw new KernelException(KERN_INVALID_VALUE);
        }
        PortRequests requests = ReceiveSettings.end(settings.require(name)).requests();
        if (requests.portDestroyed() != null) {
            throw new KernelException(KERN_FAILURE);
        }
        requests.portDestroyed(notify);
        return null;
    }

    private @Nullable SendEnd requestDeadName(int name, boolean possible, int sync, @Nullable SendEnd notify)
            throws KernelException {
        if (Mach.isNullOrDead(name)) {
            throw new KernelException(KERN_INVALID_ARGUMENT);
        }
        PortEntry entry = space.require(name);
        if (entry.set != null) {
            throw new KernelException(KERN_INVALID_RIGHT);
        }
        if (entry.deadRefs > 0) {
            tellOfDead(entry, possible, notify);
            return null;
        }
        SendEnd previous = entry.deadRequest;
        entry.deadRequest = notify;
        entry.sendPossible = possible;
        entry.awaitsRoom = possible && sync != 0;
        SendEnd send = entry.send;
        if (entry.awaitsRoom && (entry.sendOnce != null || (send != null && send.hasRoom()))) {
            tellSendPossible(entry);
        }
        sendChanged(entry);
        return previous;
    }

    private void tellOfDead(PortEntry entry, boolean possible, @Nullable SendEnd notify) throws KernelException {
        if (notify != null && !possible) {
            throw new KernelException(KERN_INVALID_ARGUMENT);
        }
        if (notify != null) {
            entry.addDead(1);
            tell(notify, MACH_NOTIFY_DEAD_NAME, entry.name);
        }
    }

    /** Fulfils what can be fulfilled now: first of ports that lost their last sender, then of ports that died. */
    void check() {
        List<Object> happened = watch == null ? List.of() : watch.happened();
        if (happened.isEmpty()) {
            return;
        }
        Set<PortEntry> entries = new LinkedHashSet<>();
        happened.forEach(key -> entries.add((PortEntry) key));
        entries.forEach(this::checkNoSenders);
        for (PortEntry entry : entries) {
            space.convertIfDead(entry);
            checkRoom(entry);
        }
    }

    /** A message was received: as long as it was queued it held a right to its port. */
    void checkNoSenders(PortEntry entry) {
        ReceiveEnd receive = entry.receive;
        if (receive == null) {
            return;
        }
        PortRequests requests = receive.requests();
        if (requests.noSenders() != null && requests.hadSenders() && !receive.hasSenders()) {
            SendEnd notify = requests.noSenders(null);
            receiveReleased(entry);
            tell(notify, MACH_NOTIFY_NO_SENDERS, entry.makeSendCount);
        }
    }

    private void checkRoom(PortEntry entry) {
        SendEnd send = entry.send;
        if (entry.awaitsRoom && send != null && send.hasRoom()) {
            tellSendPossible(entry);
            sendChanged(entry);
        }
    }

    private void tellSendPossible(PortEntry entry) {
        SendEnd notify = takeRequest(entry);
        tell(notify, MACH_NOTIFY_SEND_POSSIBLE, entry.name);
    }

    /** A send through this name met a full queue and wants to be told when there is room. */
    void wantsRoom(PortEntry entry) {
        if (entry.sendPossible && entry.deadRequest != null) {
            entry.awaitsRoom = true;
            sendChanged(entry);
            checkRoom(entry);
        }
    }

    /** A port died whose name this is; the name is a dead one by now. */
    void died(PortEntry entry) {
        SendEnd notify = takeRequest(entry);
        if (notify != null) {
            entry.addDead(1); // the receiver of the notice releases it
            tell(notify, MACH_NOTIFY_DEAD_NAME, entry.name);
        }
    }

    /** A name is free; whoever waited for its death will not be told of it. */
    void freed(PortEntry entry) {
        forget(Watch.Event.DEATH, entry);
        forget(Watch.Event.ROOM, entry);
        forget(Watch.Event.NO_SENDERS, entry);
        SendEnd notify = takeRequest(entry);
        if (notify != null) {
            tell(notify, MACH_NOTIFY_PORT_DELETED, entry.name);
        }
    }

    /** A receive right is given up that somebody else asked for. Returns whether it is on its way there. */
    boolean handOver(PortEntry entry) {
        ReceiveEnd receive = entry.receive;
        SendEnd heir = receive == null ? null : receive.requests().portDestroyed(null);
        ReceiveEnd right = heir == null ? null : space.takeReceive(entry);
        if (heir == null || right == null) {
            return false;
        }
        Notice.portDestroyed(parcel, buffer, right);
        post(heir);
        return true;
    }

    /** The send or send-once end of a name is there, is another, or is about to be closed. */
    void sendChanged(PortEntry entry) {
        SendEnd end = entry.send != null ? entry.send : entry.sendOnce;
        boolean wanted = entry.deadRequest != null && end != null;
        watchOrForget(wanted ? end : null, Watch.Event.DEATH, entry);
        watchOrForget(wanted && entry.awaitsRoom ? entry.send : null, Watch.Event.ROOM, entry);
    }

    void receiveHeld(PortEntry entry, ReceiveEnd receive) {
        boolean wanted = receive.requests().noSenders() != null;
        watchOrForget(wanted ? receive : null, Watch.Event.NO_SENDERS, entry);
    }

    void receiveReleased(PortEntry entry) {
        forget(Watch.Event.NO_SENDERS, entry);
    }

    private void watchOrForget(@Nullable PortEnd end, Watch.Event event, PortEntry entry) {
        if (end == null) {
            forget(event, entry);
            return;
        }
        try {
            if (watch == null) {
                watch = transport.createWatch(space::check);
            }
            watch.watch(end, event, entry);
        } catch (KernelException noRoom) {
            // Without a descriptor to watch with it is noticed when this task next looks at the name.
        }
    }

    private void forget(Watch.Event event, PortEntry entry) {
        if (watch != null) {
            watch.forget(event, entry);
        }
    }

    private static @Nullable SendEnd takeRequest(PortEntry entry) {
        SendEnd notify = entry.deadRequest;
        entry.deadRequest = null;
        entry.sendPossible = false;
        entry.awaitsRoom = false;
        return notify;
    }

    private void tell(@Nullable SendEnd notify, int id, int value) {
        if (notify != null) {
            Notice.about(parcel, buffer, id, value);
            post(notify);
        }
    }

    private void post(SendEnd notify) {
        notify.send(parcel, 0, false);
        parcel.clear();
        notify.close();
    }

    void close() {
        if (watch != null) {
            watch.close();
        }
    }
}

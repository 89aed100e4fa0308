/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.machport;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.message.Notification;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.port.PortName;
import io.machframe.core.port.PortRight;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notices the death of ports that this process can send to, by dead-name notifications: one port for all of them, in the
 * loop in the background, open as long as something is watched.
 */
final class DeathWatch {
    private static final PortAccess ACCESS = PortAccess.get();
    private static final MachCalls CALLS = ACCESS.calls(Task.self());
    private static final Map<PortName, Runnable> WATCHED = new HashMap<>();
    private static @Nullable ReceiveRight notices;
    private static @Nullable PortSource source;

    private DeathWatch() {}

    /**
     * Has something done on the loop in the background when a port dies.
     *
     * @return false if the port is dead already
     */
    static synchronized boolean begin(PortRight right, Runnable whenDead) throws MachException {
        ReceiveRight to = open();
        WATCHED.put(right.name(), whenDead);
        int code = request(right, to);
        if (code != KernReturn.KERN_SUCCESS) {
            forget(right.name());
        }
        if (code != KernReturn.KERN_INVALID_ARGUMENT) {
            KernReturn.check("mach_port_request_notification", code);
        }
        return code == KernReturn.KERN_SUCCESS;
    }

    /** Ends the watch over a port that did not die. The right may be closed. */
    static synchronized void end(PortRight right) {
        if (WATCHED.containsKey(right.name())) {
            try {
                request(right, null);
            } catch (IllegalStateException closed) {
                // Nothing is asked for a name that is not held any more.
            }
            forget(right.name());
        }
    }

    private static int request(PortRight right, @Nullable ReceiveRight to) {
        int[] previous = new int[1];
        int name = ACCESS.pin(right);
        try {
            int code = CALLS.requestNotification(
                    name,
                    Mach.MACH_NOTIFY_DEAD_NAME,
                    0,
                    to == null ? Mach.MACH_PORT_NULL : to.name().value(),
                    Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE,
                    previous);
            boolean replaced = previous[0] != Mach.MACH_PORT_NULL && previous[0] != Mach.MACH_PORT_DEAD;
            if (code == KernReturn.KERN_SUCCESS && replaced) {
                CALLS.deallocate(previous[0]); // tells whoever asked before that he will not be told
            }
            return code;
        } finally {
            ACCESS.unpin(right);
        }
    }

    private static ReceiveRight open() throws MachException {
        ReceiveRight open = notices;
        if (open == null) {
            open = Task.self().allocatePort();
            PortSource opened = PortSource.of(0, open, DeathWatch::received);
            try {
                RunLoop.background().add(opened, RunLoopMode.DEFAULT);
            } catch (MachException e) {
                open.close();
                throw e;
            }
            notices = open;
            source = opened;
        }
        return open;
    }

    private static @Nullable Runnable forget(PortName name) {
        Runnable whenDead = WATCHED.remove(name);
        if (WATCHED.isEmpty() && source != null && notices != null) {
            source.invalidate();
            notices.close();
            source = null;
            notices = null;
        }
        return whenDead;
    }

    private static Optional<OutgoingMessage> received(ReceivedMessage message) throws InvalidMessageException {
        Optional<Notification> notification = message.takeNotification();
        if (notification.isPresent() && notification.get() instanceof Notification.DeadName dead) {
            died(dead.right());
        } else if (notification.isPresent() && notification.get() instanceof Notification.PortDeleted deleted) {
            forgetDeleted(deleted.name());
        }
        return Optional.empty();
    }

    private static synchronized void forgetDeleted(PortName name) {
        forget(name);
    }

    private static void died(SendRight dead) {
        Runnable whenDead;
        synchronized (DeathWatch.class) {
            whenDead = forget(dead.name());
        }
        dead.close();
        if (whenDead != null) {
            whenDead.run();
        }
    }
}

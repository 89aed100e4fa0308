/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.machport;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.message.Notification;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.PortName;
import io.machframe.core.port.PortRight;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
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
        try {
            request(right, to);
            return true;
        } catch (MachException e) {
            forget(right.name());
            if (e.reason().code() == KernReturn.KERN_INVALID_ARGUMENT) {
                return false;
            }
            throw e;
        }
    }

    /** Ends the watch over a port that did not die. The right may be closed. */
    static synchronized void end(PortRight right) {
        if (WATCHED.containsKey(right.name())) {
            try {
                request(right, null);
            } catch (MachException | IllegalStateException closed) {
                // Nothing is asked for a name that is not held any more.
            }
            forget(right.name());
        }
    }

    private static void request(PortRight right, @Nullable ReceiveRight to) throws MachException {
        // To close what was registered before says that it will not be used.
        PortAccess.get().requestDeadName(right, to).ifPresent(SendOnceRight::close);
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

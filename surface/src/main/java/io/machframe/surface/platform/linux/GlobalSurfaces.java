/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.message.DescriptorKind;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.LibraryThread;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.Platform;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.surface.error.SurfaceException;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds surfaces by their ids, without a daemon: each process that holds global ones serves a name of the user's, and
 * answers with a port whoever asks it for an id. Who looks for an id asks them all. So an id is found as long as any
 * process holds the surface, and ends with the last, however that ends. A process that lets go of a surface for which a
 * port still stands, perhaps in a message, holds it until there is none; after the last such process has ended nobody
 * could answer, because nobody can open what is in a message to others.
 *
 * <p>The names are numbered and a process takes the first that is free, so those of killed processes are used again.
 * Only processes of this user can serve or ask, by the rules of names; any of these may see a global surface.
 */
final class GlobalSurfaces {
    private static final PortAccess ACCESS = PortAccess.get();
    private static final String NAME = "io.machframe.surfaces-";
    private static final String SOCKET = ".sock";
    private static final int MAX_SERVERS = 1024;
    private static final int TIMEOUT_MILLIS = 2000;
    private static final int PAUSE_MILLIS = 10;
    private static final int WATCH_MILLIS = 100;

    private final Platform platform;
    private final Task task;
    private final PortMaker createMachPort;
    private final Predicate<LinuxSurface> letGo;
    private final Map<Integer, LinuxSurface> held = new HashMap<>();
    private final Set<LinuxSurface> kept = new HashSet<>();
    private boolean watches;
    private @Nullable ReceiveRight door;

    /** Makes ports of surfaces, as {@code createMachPort} of the seam does, or {@code MACH_PORT_NULL} of one that is going. */
    interface PortMaker {
        int createMachPort(LinuxSurface surface) throws SurfaceException;
    }

    /**
     * @param createMachPort answers look-ups
     * @param letGo closes a surface that is kept, or returns false if a port still stands for it
     */
    GlobalSurfaces(Platform platform, PortMaker createMachPort, Predicate<LinuxSurface> letGo) {
        this.platform = platform;
        this.task = ACCESS.taskOn(platform.mach());
        this.createMachPort = createMachPort;
        this.letGo = letGo;
    }

    /** Lets other processes find a surface. Once for each surface, which is held here even if they cannot. */
    synchronized void add(LinuxSurface surface) throws SurfaceException {
        held.put(surface.id(), surface);
        if (door == null) {
            SurfaceException.check("IOSurfaceCreate", open());
        }
    }

    /** The surface is about to be closed. */
    synchronized void remove(LinuxSurface surface) {
        if (held.remove(surface.id(), surface) && held.isEmpty() && door != null) {
            door.close();
            door = null;
        }
    }

    /** Nothing refers to the surface any more but a port stands for it: holds it until none does. */
    synchronized void keep(LinuxSurface surface) {
        kept.add(surface);
        if (!watches) {
            watches = LibraryThread.start("machframe-kept-surfaces", this::watchKept);
        }
    }

    private boolean watchKept() {
        pause(WATCH_MILLIS);
        takeKept().stream().filter(surface -> !letGo.test(surface)).forEach(this::keep);
        return !isDone();
    }

    private synchronized List<LinuxSurface> takeKept() {
        List<LinuxSurface> taken = List.copyOf(kept);
        kept.clear();
        return taken;
    }

    private synchronized boolean isDone() {
        watches = !kept.isEmpty();
        return !watches;
    }

    /** Returns a surface that this process holds. */
    synchronized @Nullable LinuxSurface own(int id) {
        return held.get(id);
    }

    private int open() {
        int[] port = new int[1];
        int code = KernReturn.BOOTSTRAP_SERVICE_ACTIVE;
        for (int i = 0; i < MAX_SERVERS && code == KernReturn.BOOTSTRAP_SERVICE_ACTIVE; i++) {
            code = platform.bootstrap().checkIn(NAME + i, port);
        }
        if (code == KernReturn.KERN_SUCCESS) {
            ReceiveRight opened = ACCESS.adoptReceive(task, port[0], 0);
            if (!LibraryThread.start("machframe-global-surfaces", () -> serve(opened))) {
                opened.close();
                return KernReturn.KERN_RESOURCE_SHORTAGE;
            }
            door = opened;
        }
        return code;
    }

    private boolean serve(ReceiveRight opened) {
        try (ReceivedMessage question = ReceivedMessage.receiveFrom(opened)) {
            answer(question);
        } catch (PortClosedException | IllegalStateException | InterruptedException closed) {
            return false;
        } catch (MachException hostileOrNoRoom) {
            pause(PAUSE_MILLIS); // whoever asked learns that nobody answers
        }
        return opened.isOpen();
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(ReceivedMessage question) throws MachException {
        if (question.replyKind() != DescriptorKind.SEND_ONCE
                || question.rawBody().remaining() < Integer.BYTES) {
            return;
        }
        LinuxSurface surface = own(question.rawBody().getInt());
        int port = surface == null ? Mach.MACH_PORT_NULL : createMachPort.createMachPort(surface);
        if (port == Mach.MACH_PORT_NULL) {
            return; // whoever asked is told that the right to reply is gone
        }
        try (SendOnceRight asker = question.takeReplyOnce();
                OutgoingMessage answer = OutgoingMessage.builder()
                        .move(ACCESS.adoptSend(task, port))
                        .build()) {
            answer.sendTo(asker);
        }
    }

    /** Asks the other processes for a surface; returns null if none has it. */
    @Nullable
    SendRight find(int id) {
        String[] files = new File(platform.bootstrap().directory()).list((folder, name) -> isServer(name));
        for (String file : files == null ? new String[0] : files) {
            SendRight found = ask(file.substring(0, file.length() - SOCKET.length()), id);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static boolean isServer(String file) {
        return file.startsWith(NAME) && file.endsWith(SOCKET);
    }

    private @Nullable SendRight ask(String name, int id) {
        int[] port = new int[1];
        if (platform.bootstrap().lookUp(name, TIMEOUT_MILLIS, port) != KernReturn.KERN_SUCCESS) {
            return null;
        }
        ByteBuffer body = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, id);
        try (SendRight server = ACCESS.adoptSend(task, port[0]);
                ReceiveRight inbox = task.allocatePort();
                OutgoingMessage question = OutgoingMessage.builder()
                        .rawBody(body)
                        .replyOnceTo(inbox)
                        .build()) {
            Duration timeout = Duration.ofMillis(TIMEOUT_MILLIS);
            if (!question.trySendTo(server, timeout)) {
                return null;
            }
            return answered(ReceivedMessage.tryReceiveFrom(inbox, timeout));
        } catch (MachException ended) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static @Nullable SendRight answered(Optional<ReceivedMessage> received) throws MachException {
        try (ReceivedMessage answer = received.orElse(null)) {
            return answer != null && answer.descriptorCount() == 1 && answer.descriptorKind(0) == DescriptorKind.SEND
                    ? answer.takeSendRight(0)
                    : null;
        }
    }
}

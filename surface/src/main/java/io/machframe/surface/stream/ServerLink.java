/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.message.MachMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.surface.IOSurface;
import java.time.Duration;
import java.util.Optional;

/**
 * The ports between a client and its server: one to ask at, one for the answers, and an inbox for what the server tells
 * unasked. One thread at a time asks and waits; any thread may {@link #interrupt} it.
 */
final class ServerLink implements AutoCloseable {
    /** How often somebody who waits looks whether the server lives. */
    static final Duration LOOK = Duration.ofMillis(200);

    private final String name;
    private final SendRight server;
    private final ReceiveRight inbox;
    private final ReceiveRight replies;
    private final Duration patience;

    /** Takes over the rights. */
    private ServerLink(String name, SendRight server, ReceiveRight inbox, ReceiveRight replies, Duration patience) {
        this.name = name;
        this.server = server;
        this.inbox = inbox;
        this.replies = replies;
        this.patience = patience;
    }

    /**
     * Finds a stream's server. Throws as {@link FrameClient#connect}.
     *
     * @param patience how long it may take to answer this or a later question
     */
    static ServerLink open(String name, Duration patience) throws MachException {
        SendRight server = lookUp(name, patience);
        ReceiveRight inbox = null;
        try {
            inbox = Task.self().allocatePort();
            return new ServerLink(name, server, inbox, Task.self().allocatePort(), patience);
        } catch (MachException e) {
            server.close();
            if (inbox != null) {
                inbox.close();
            }
            throw e;
        }
    }

    private static SendRight lookUp(String name, Duration patience) throws MachException {
        try {
            return Bootstrap.lookUp(StreamName.service(name), patience);
        } catch (UnknownServiceException e) {
            throw new UnknownServiceException(e.call(), e.reason(), "nobody publishes a stream named \"" + name + "\"");
        } catch (MachException e) {
            throw e.reason().code() == KernReturn.MACH_RCV_TIMED_OUT ? noAnswer(e.call(), name) : e;
        }
    }

    /** Subscribes and returns the welcome, the caller's to close. */
    MachMessage subscribe() throws MachException {
        Deadline deadline = Deadline.after(patience);
        send(Protocol.subscribe(inbox), deadline);
        return await(inbox, Protocol.WELCOME, deadline);
    }

    /** Asks for a surface of the pool, the caller's to close. */
    IOSurface requestSurface(int slot) throws MachException {
        Deadline deadline = Deadline.after(patience);
        send(Protocol.surfaceRequest(slot, replies), deadline);
        while (true) {
            try (MachMessage answer = await(replies, Protocol.SURFACE, deadline)) {
                // An answer may also be that to an earlier request, for which it came too late.
                if (Protocol.number(answer) == slot) {
                    try (SendRight port = Protocol.right(answer)) {
                        return IOSurface.fromMachPort(port);
                    }
                }
            }
        }
    }

    /** Waits for word of a frame. Returns whether there was any. */
    boolean awaitWord(Duration limit) throws MachException {
        Optional<MachMessage> message = MachMessage.tryReceiveFrom(inbox, limit);
        message.ifPresent(MachMessage::close);
        return message.isPresent();
    }

    boolean isBroken() {
        return server.isDead();
    }

    String name() {
        return name;
    }

    private void send(MachMessage request, Deadline deadline) throws MachException {
        try (request) {
            if (!request.trySendTo(server, deadline.remaining())) {
                throw noAnswer("mach_msg", name);
            }
        } catch (DeadPortException e) {
            throw new StreamEndedException(name, false);
        }
    }

    /** Waits for the answer to a request; a server that died, or is stopped, does not give one. */
    private MachMessage await(ReceiveRight port, int id, Deadline deadline) throws MachException {
        while (true) {
            boolean broken = isBroken();
            Optional<MachMessage> message =
                    MachMessage.tryReceiveFrom(port, broken ? Duration.ZERO : deadline.remaining(LOOK));
            if (message.isPresent()) {
                return Protocol.requireAnswer(id, message.get());
            }
            if (broken) {
                throw new StreamEndedException(name, false);
            }
            if (deadline.isOver()) {
                throw noAnswer("mach_msg", name);
            }
        }
    }

    private static MachException noAnswer(String call, String name) {
        return new MachException(
                call,
                new KernReturn(KernReturn.MACH_RCV_TIMED_OUT),
                "the publisher of \"" + name + "\" does not answer");
    }

    /** Ends the waiting of the thread that uses this, for good. */
    void interrupt() {
        inbox.close();
        replies.close();
    }

    @Override
    public void close() {
        interrupt();
        server.close();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.message.MachMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import java.time.Duration;
import java.util.Optional;

/**
 * The thread of a server that answers its clients. It never waits for one of them: who has no room for an answer gets
 * none. What a client asks wrongly is refused with a reason and harms nobody else.
 */
final class Reception implements Runnable {
    private static final System.Logger LOG = System.getLogger(Reception.class.getName());
    private static final Duration HOUSEKEEPING = Duration.ofMillis(100);

    private final FrameServer server;
    private final ReceiveRight service;

    private Reception(FrameServer server, ReceiveRight service) {
        this.server = server;
        this.service = service;
    }

    /** Starts to answer; ends when the service port is closed. */
    static void open(FrameServer server, ReceiveRight service) {
        Thread thread = new Thread(new Reception(server, service), "machframe-stream-" + server.name());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        Deadline round = Deadline.after(HOUSEKEEPING);
        while (true) {
            Optional<MachMessage> request = Optional.empty();
            try {
                request = next(round);
            } catch (PortClosedException | IllegalStateException portIsGone) {
                server.close();
                return;
            } catch (MachException e) {
                refused(e);
            }
            request.ifPresent(this::answer);
            if (round.isOver()) {
                server.keepHouse();
                round = Deadline.after(HOUSEKEEPING);
            }
        }
    }

    private Optional<MachMessage> next(Deadline round) throws MachException {
        try {
            return MachMessage.tryReceiveFrom(service, round.remaining());
        } finally {
            Thread.interrupted(); // nobody has a reason to interrupt this thread, and it would not wait any more
        }
    }

    private void answer(MachMessage request) {
        try (request;
                SendRight client = request.takeReply()) {
            answer(request, client);
        } catch (MachException e) {
            refused(e);
        }
    }

    private void answer(MachMessage request, SendRight client) throws MachException {
        try {
            switch (request.id()) {
                case Protocol.SUBSCRIBE -> subscribe(request, client);
                case Protocol.SURFACE_REQUEST -> sendSurface(Protocol.number(request), client);
                default -> throw Protocol.violation("its id is " + Integer.toHexString(request.id()));
            }
        } catch (MachException e) {
            if (!server.isClosed()) { // else the client learns from the port's death that the stream is over
                send(Protocol.refusal(String.valueOf(e.getMessage())), client);
            }
            throw e;
        }
    }

    private void subscribe(MachMessage request, SendRight client) throws MachException {
        Protocol.requireVersion(request);
        if (client.name().equals(service.name())) {
            throw Protocol.violation("it gives the server's own port as its inbox"); // which would never die
        }
        int pid = request.sender().pid();
        server.requireRoomFor(pid);
        Subscriber subscriber = Subscriber.open(client, pid);
        try {
            subscriber.welcome(server.format(), server.statistics().surfaces());
        } catch (MachException e) {
            subscriber.close();
            throw e;
        }
        server.add(subscriber);
    }

    private void sendSurface(int slot, SendRight client) throws MachException {
        send(Protocol.surface(slot, server.surfacePort(slot)), client);
    }

    private static void send(MachMessage answer, SendRight client) throws MachException {
        try (answer) {
            answer.trySendTo(client, Duration.ZERO);
        }
    }

    private void refused(MachException e) {
        LOG.log(System.Logger.Level.DEBUG, () -> "refused a client of \"" + server.name() + "\"", e);
    }
}

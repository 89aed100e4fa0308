/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.surface.IOSurface;
import io.machframe.surface.stream.link.ClientLink;
import io.machframe.surface.stream.link.Protocol;
import io.machframe.surface.stream.link.Terms;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Lets clients in and answers them, on the run loop in the background. */
final class Reception implements ClientLink.Listener, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FrameServer.class.getName());

    private final StreamState state;
    private final ReceiveRight service;
    private final Supplier<ServerStatistics> statistics;
    private final PortSource source;

    private Reception(StreamState state, ReceiveRight service, Supplier<ServerStatistics> statistics) {
        this.state = state;
        this.service = service;
        this.statistics = statistics;
        this.source = PortSource.of(0, service, this::received);
    }

    /** Takes ownership of the service. */
    static Reception open(StreamState state, ReceiveRight service, Supplier<ServerStatistics> statistics)
            throws MachException {
        Reception reception = new Reception(state, service, statistics);
        try {
            RunLoop.background().add(reception.source, RunLoopMode.DEFAULT);
        } catch (RuntimeException | Error e) {
            reception.source.invalidate();
            throw e;
        }
        return reception;
    }

    /** Somebody wants to be let in, or to know how the stream does. */
    private Optional<OutgoingMessage> received(ReceivedMessage request) {
        if (Protocol.isQuestion(request)) {
            return answer(request);
        }
        try (SendRight inbox = request.takeReply()) {
            try {
                admit(request, inbox);
            } catch (MachException e) {
                refuse(inbox, String.valueOf(e.getMessage()));
                throw e;
            } catch (OutOfMemoryError e) {
                refuse(inbox, "the publisher is out of memory");
                throw e;
            }
        } catch (MachException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "refused a client of \"" + state.name + "\"", e);
        } catch (RuntimeException | Error e) {
            // The loop serves others: no client may end it.
            LOG.log(System.Logger.Level.ERROR, "could not let a client of \"" + state.name + "\" in", e);
        }
        return Optional.empty();
    }

    private Optional<OutgoingMessage> answer(ReceivedMessage question) {
        try {
            Protocol.requireVersion(question);
            return Optional.of(Protocol.answer(StatisticsBody.write(statistics.get())));
        } catch (MachException e) {
            return Optional.of(Protocol.refusal(String.valueOf(e.getMessage())));
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "could not tell how \"" + state.name + "\" does", e);
            return Optional.empty();
        }
    }

    private static void refuse(SendRight inbox, String why) {
        try (OutgoingMessage refusal = Protocol.refusal(why)) {
            refusal.trySendTo(inbox);
        } catch (MachException | IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "a refusal is not sent", e);
        }
    }

    private void admit(ReceivedMessage request, SendRight inbox) throws MachException {
        Terms terms = Protocol.terms(request);
        ClientCapabilities capabilities = ClientCapabilities.of(Protocol.hello(request));
        if (inbox.name().equals(service.name())) {
            throw Protocol.violation("it gives the server's own port as its inbox"); // which would never die
        }
        if (terms.overflow() == Terms.BLOCK && state.settings.mayBlockNanos() == 0) {
            throw Audience.refusal("the publisher of \"" + state.name + "\" does not wait for clients");
        }
        FrameFormat now;
        int pid = request.sender().pid();
        int id;
        state.lock.lock();
        try {
            requireSuited(capabilities);
            id = state.audience.nextId(pid);
        } finally {
            state.lock.unlock();
        }
        ClientLink link = ClientLink.open(id, pid, terms, inbox, this);
        ConnectedClient client = null;
        state.lock.lock();
        try {
            if (state.closed) {
                return; // the client learns from the loss of its inbox's sender that the stream is over
            }
            ConnectedClient joining = new ConnectedClient(link, capabilities);
            state.audience.join(joining);
            now = state.format;
            client = joining;
        } finally {
            state.lock.unlock();
            if (client == null) {
                link.close();
            }
        }
        try {
            client.link.welcome(
                    state.page,
                    now.width(),
                    now.height(),
                    now.pixelFormat().code(),
                    state.settings.capabilities().device(),
                    state.settings.capabilities().flags());
        } catch (MachException | RuntimeException | Error e) {
            gone(client.link);
            throw e;
        }
        StreamClient joined = describe(client);
        state.audience.events().post(() -> state.settings.listener().connected(joined));
    }

    private void requireSuited(ClientCapabilities capabilities) throws MachException {
        if (!capabilities.takes(state.format)) {
            throw Audience.refusal("the frames of \"" + state.name + "\" are " + state.format
                    + ", and the client takes only " + capabilities.formats());
        }
    }

    private StreamClient describe(ConnectedClient client) {
        state.lock.lock();
        try {
            return client.describe();
        } finally {
            state.lock.unlock();
        }
    }

    private Optional<ConnectedClient> find(ClientLink link) {
        state.lock.lock();
        try {
            return Optional.ofNullable(state.audience.find(link));
        } finally {
            state.lock.unlock();
        }
    }

    @Override
    public void surfaceRequested(ClientLink link, int slot, int serial) throws MachException {
        state.lock.lock();
        try {
            IOSurface surface = state.audience.find(link) == null ? null : state.pool.surface(slot, serial);
            if (surface == null) {
                throw Protocol.violation(
                        "there is no surface " + serial + " in slot " + slot + " of \"" + state.name + "\"");
            }
            link.sendSurface(slot, serial, state.settings.createPort(surface));
            state.changed.signalAll();
        } finally {
            state.lock.unlock();
        }
    }

    @Override
    public void ready(ClientLink link) {
        find(link).filter(ConnectedClient::becomesReady).ifPresent(client -> {
            StreamClient ready = describe(client);
            state.audience.events().post(() -> state.settings.listener().ready(ready));
        });
    }

    @Override
    public void progressed(ClientLink link) {
        state.lock.lock();
        try {
            state.changed.signalAll();
        } finally {
            state.lock.unlock();
        }
    }

    @Override
    public void userMessage(ClientLink link, byte[] body) {
        find(link).ifPresent(client -> {
            StreamClient from = describe(client);
            state.audience.events().offer(() -> state.settings.listener().message(from, body));
        });
    }

    @Override
    public void wishes(ClientLink link, ByteBuffer body) throws MachException {
        ClientWishes wishes = ClientWishes.read(body.slice().order(ByteOrder.LITTLE_ENDIAN));
        StreamClient from;
        state.lock.lock();
        try {
            ConnectedClient client = state.audience.find(link);
            if (client == null) {
                return;
            }
            client.wishes = wishes;
            state.audience.fold();
            from = client.describe();
        } finally {
            state.lock.unlock();
        }
        state.audience.events().offer(() -> state.settings.listener().wishes(from));
    }

    @Override
    public void left(ClientLink link) {
        state.lock.lock();
        try {
            ConnectedClient client = state.audience.find(link);
            if (client != null && !client.left) {
                state.audience.leave(client);
            }
            state.changed.signalAll();
        } finally {
            state.lock.unlock();
        }
    }

    @Override
    public void gone(ClientLink link) {
        List<IOSurface> unused;
        state.lock.lock();
        try {
            ConnectedClient client = state.audience.find(link);
            if (client == null) {
                return;
            }
            state.audience.remove(client);
            unused = state.takeUnused();
            state.disposeIfDone();
        } finally {
            state.lock.unlock();
        }
        unused.forEach(IOSurface::close);
    }

    /** Lets nobody in any more. Those who are in are answered as before. */
    @Override
    public void close() {
        try (service) {
            source.invalidate();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.KernReturn;
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
import io.machframe.surface.stream.link.StreamPage;
import io.machframe.surface.stream.link.Terms;
import io.machframe.surface.stream.pool.SurfacePool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream as its publisher has it: the pool, the current frame and the clients. It does not refer to its {@link
 * FrameServer}, so that a forgotten one is found.
 *
 * <p>Clients are answered on the run loop in the background. {@code lock} guards everything; it is never held while a
 * surface is made or closed, or a client is waited for.
 */
final class Publication implements ClientLink.Listener, AutoCloseable {
    /** The most clients at a time, and of them in one process. */
    static final int MAX_CLIENTS = 256;

    static final int MAX_CLIENTS_OF_PROCESS = 64;

    private static final System.Logger LOG = System.getLogger(FrameServer.class.getName());

    /** What the publisher needs apart from what clients hold: a draft, the newest frame, and the next draft. */
    private static final int OWN_SURFACES = 3;

    /** Every so many frames it is looked whether the pool is larger than it needs to be. */
    private static final int TRIM_INTERVAL = 32;

    private final String name;
    private final FrameServer.Settings settings;
    private final ReceiveRight service;
    private final StreamListing listing;
    private final StreamPage page;
    private final PortSource source;
    private final Events events;
    private final long opened = System.nanoTime();

    /** Keeps frames in their order while a client is waited for. Taken before {@code lock}. */
    private final ReentrantLock publishing = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Client> clients = new ArrayList<>();
    private final Damage damage = new Damage();
    private final SurfacePool pool;
    private final @Nullable FrameDraft[] drafts = new FrameDraft[StreamPage.MAX_SLOTS];
    private final @Nullable FrameInfo[] described = new FrameInfo[StreamPage.MAX_SLOTS];
    private FrameFormat format;
    private long published;
    private int lastClient;
    private int mostSurfaces;
    private long reclaimed;
    private int waiters;
    /** How many clients are offered frames. */
    private int receivers;

    private volatile boolean hasClients;
    private boolean closed;

    /** A client, and what became of the frames that were not offered to it. */
    private static final class Client {
        final ClientLink link;
        long dropped;
        boolean ready;

        /** It gets no more frames, but may hold some. */
        boolean left;

        /** The publisher waits for space in its queue. */
        boolean blocks;

        /** Frames it took and was not seen to release; an upper bound. */
        int taken;

        Client(ClientLink link) {
            this.link = link;
        }

        StreamClient describe() {
            return new StreamClient(
                    link.id(),
                    link.pid(),
                    ready,
                    link.offers(),
                    link.replaced(),
                    dropped,
                    link.waiting(),
                    link.holdings());
        }
    }

    private Publication(
            String name, FrameServer.Settings settings, ReceiveRight service, StreamListing listing, StreamPage page) {
        this.name = name;
        this.settings = settings;
        this.service = service;
        this.listing = listing;
        this.page = page;
        this.format = settings.format();
        this.pool = new SurfacePool(settings.minSurfaces(), settings.maxSurfaces(), StreamPage.MAX_SLOTS, this::isHeld);
        this.source = PortSource.of(0, service, this::subscribe);
        this.events = new Events(settings.executor());
    }

    /** Takes ownership of the service. */
    static Publication open(String name, FrameServer.Settings settings, ReceiveRight service) throws MachException {
        StreamPage page = StreamPage.create();
        StreamListing listing = null;
        try {
            listing = StreamListing.open(settings.describe(name, settings.format()));
            Publication publication = new Publication(name, settings, service, listing, page);
            RunLoop.background().add(publication.source, RunLoopMode.DEFAULT);
            return publication;
        } catch (MachException | RuntimeException | Error e) {
            if (listing != null) {
                listing.close();
            }
            page.close();
            throw e;
        }
    }

    long opened() {
        return opened;
    }

    FrameFormat format() {
        lock.lock();
        try {
            return format;
        } finally {
            lock.unlock();
        }
    }

    boolean hasClients() {
        return hasClients;
    }

    // Drawing.

    /**
     * Gives a surface to draw into.
     *
     * @param nanos how long to wait for one, {@link Deadline#NEVER} for any time
     * @return null if none is free in that time
     */
    @Nullable
    FrameDraft acquire(long nanos) throws MachException, InterruptedException {
        lock.lock();
        try {
            int slot = takeSlot();
            if (slot < 0 && nanos > 0) {
                slot = awaitSlot(nanos);
            }
            return slot < 0 ? null : draft(slot);
        } finally {
            lock.unlock();
        }
    }

    private int awaitSlot(long nanos) throws MachException, InterruptedException {
        long since = System.nanoTime();
        beginWaiting();
        try {
            int slot = takeSlot(); // again, after clients were asked to tell
            long left = nanos;
            while (slot < 0 && left > 0) {
                if (nanos == Deadline.NEVER) {
                    changed.await();
                } else {
                    changed.awaitNanos(left);
                    left = Deadline.left(nanos, since);
                }
                slot = takeSlot();
            }
            return slot;
        } finally {
            endWaiting();
        }
    }

    /** From now on clients say when they take or release a frame. */
    private void beginWaiting() {
        waiters++;
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).link.notifyOfProgress(true);
        }
    }

    private void endWaiting() {
        waiters--;
        for (int i = 0; waiters == 0 && i < clients.size(); i++) {
            clients.get(i).link.notifyOfProgress(false);
        }
    }

    private int takeSlot() throws MachException {
        requireOpen();
        int slot = pool.take();
        if (slot >= 0) {
            return slot;
        }
        slot = pool.reserve(lent());
        if (slot < 0 && pool.isExhausted() && dismissGreediest()) {
            return takeSlot();
        }
        return slot < 0 ? -1 : make(slot);
    }

    /** Returns how many surfaces clients hold beyond what the pool has for them. */
    private int lent() {
        int heldNow = 0;
        for (int slot = 0; slot < StreamPage.MAX_SLOTS; slot++) {
            if (isHeld(slot)) {
                heldNow++;
            }
        }
        return Math.max(0, heldNow - Math.max(0, settings.maxSurfaces() - OWN_SURFACES));
    }

    private boolean isHeld(int slot) {
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i).link.holds(slot)) {
                return true;
            }
        }
        return false;
    }

    /** There is no slot left: the client that holds most goes. Returns whether one held any. */
    private boolean dismissGreediest() {
        Client greediest = null;
        int most = 0;
        for (Client client : clients) {
            int holdings = client.link.holdings();
            if (holdings > most) {
                most = holdings;
                greediest = client;
            }
        }
        if (greediest == null) {
            return false;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "{0} of \"{1}\" held {2} surfaces and is disconnected, because {3} are the" + " most",
                greediest.link,
                name,
                most,
                StreamPage.MAX_SLOTS);
        forget(greediest, StreamEnd.REFUSED);
        return true;
    }

    /** Makes a surface for a reserved slot, without the lock meanwhile. */
    private int make(int slot) throws MachException {
        FrameFormat wanted = format;
        int generation = pool.generation();
        IOSurface made = null;
        lock.unlock();
        try {
            made = settings.createSurface(wanted);
        } finally {
            lock.lock();
            boolean useful = made != null && !closed && generation == pool.generation();
            if (!useful) {
                pool.cancel(slot);
                changed.signalAll();
                if (made != null) {
                    made.close();
                }
            }
        }
        if (closed || generation != pool.generation()) {
            return takeSlot(); // throws if it was closed
        }
        pool.install(slot, made);
        described[slot] = null;
        mostSurfaces = Math.max(mostSurfaces, pool.size());
        return slot;
    }

    private FrameDraft draft(int slot) {
        FrameDraft draft = drafts[slot];
        drafts[slot] = null;
        if (draft == null || draft.serial() != pool.serial(slot)) {
            draft = new FrameDraft(this, slot, pool.serial(slot), pool.surface(slot), format);
        }
        draft.begin(settings.info());
        return draft;
    }

    /** A draft was closed: its object can be used again, and its surface too, if the draft was not published. */
    void ended(FrameDraft draft, boolean unseen) {
        lock.lock();
        try {
            int slot = draft.slot();
            if (unseen) {
                pool.discard(slot);
                changed.signalAll();
                if (closed) {
                    disposeUnheld();
                }
            }
            drafts[slot] = draft;
        } finally {
            lock.unlock();
        }
    }

    Optional<FrameArea> missed(int slot) {
        lock.lock();
        try {
            return damage.since(pool.lastDrawn(slot));
        } finally {
            lock.unlock();
        }
    }

    /** Changes what the frames look like from the next draft on. */
    void format(FrameFormat wanted) {
        List<IOSurface> trimmed;
        lock.lock();
        try {
            requireOpen();
            if (wanted.equals(format)) {
                return;
            }
            format = wanted;
            pool.beginGeneration();
            damage.restart();
            trimmed = pool.trim(published);
        } finally {
            lock.unlock();
        }
        trimmed.forEach(IOSurface::close);
        try {
            listing.replace(settings.describe(name, wanted));
        } catch (MachException | IllegalStateException e) {
            LOG.log(System.Logger.Level.WARNING, "\"" + name + "\" is listed as it was before", e);
        }
    }

    // Publishing.

    void publish(FrameDraft draft, long timestamp) {
        List<IOSurface> trimmed = List.of();
        publishing.lock();
        try {
            boolean ring;
            boolean blocked;
            lock.lock();
            try {
                if (closed) {
                    pool.discard(draft.slot());
                    disposeUnheld();
                    throw isClosed();
                }
                announce(draft, timestamp);
                blocked = false;
                ring = false;
                for (int i = clients.size() - 1; i >= 0; i--) {
                    Client client = clients.get(i);
                    if (!client.left) {
                        deliver(client, draft.slot());
                        blocked |= client.blocks;
                        ring |= client.link.wake();
                    }
                }
                page.raise();
                if (published % TRIM_INTERVAL == 0) {
                    trimmed = pool.trim(published);
                }
            } finally {
                lock.unlock();
            }
            if (ring) {
                page.ring();
            }
            if (blocked) {
                awaitSpace(draft.slot());
            }
        } finally {
            publishing.unlock();
        }
        if (!trimmed.isEmpty()) { // an iterator over nothing would be garbage, too
            trimmed.forEach(IOSurface::close);
        }
    }

    private void announce(FrameDraft draft, long timestamp) {
        int slot = draft.slot();
        long sequence = published++;
        StreamPage to = page;
        to.record(slot).sequence(sequence);
        FrameFormat shape = draft.format();
        to.record(slot)
                .surface(
                        pool.generation(slot),
                        draft.serial(),
                        shape.width(),
                        shape.height(),
                        shape.pixelFormat().code());
        draft.describe(to.record(slot), described[slot], timestamp, System.nanoTime());
        described[slot] = draft.info();
        damage.add(draft, sequence);
        pool.publish(slot, sequence);
    }

    private void deliver(Client client, int slot) {
        switch (client.link.offer(slot, pool.serial(slot))) {
            case QUEUED -> countTaken(client);
            case REPLACED -> {}
            case FULL -> overflow(client);
            case VIOLATION -> {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "{0} of \"{1}\" broke the rules and is disconnected",
                        client.link,
                        name);
                forget(client, StreamEnd.REFUSED);
            }
        }
    }

    /** One that takes more frames than it may hold does not keep to its own terms. */
    private void countTaken(Client client) {
        client.taken++;
        int most = client.link.terms().maxAcquired();
        if (client.taken > most + client.link.terms().capacity()) {
            client.taken = client.link.holdings();
            if (client.taken > most + client.link.terms().capacity()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} of \"{1}\" holds more than the {2} frames it may, and is disconnected",
                        client.link,
                        name,
                        most);
                forget(client, StreamEnd.REFUSED);
            }
        }
    }

    private void overflow(Client client) {
        switch (client.link.terms().overflow()) {
            case Terms.BLOCK -> client.blocks = true;
            case Terms.DISCONNECT -> {
                client.dropped++;
                dismiss(client, StreamEnd.TOO_SLOW);
            }
            default -> client.dropped++;
        }
    }

    /** Offers a client no more frames, and says why; it keeps those that wait for it, and those it holds. */
    private void dismiss(Client client, StreamEnd reason) {
        client.link.end(reason.code());
        client.left = true;
        count(-1);
        report(client);
    }

    /** Waits for the clients that may hold the publisher up, and drops the frame for those that take too long. */
    private void awaitSpace(int slot) {
        long since = System.nanoTime();
        boolean interrupted = false;
        lock.lock();
        try {
            beginWaiting();
            long left = settings.mayBlockNanos();
            while (left > 0 && !interrupted && !closed) {
                left = offerAgain(slot, since);
                if (left > 0) {
                    try {
                        changed.awaitNanos(left);
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            }
            offerAgain(slot, since);
            for (Client client : clients) {
                if (client.blocks) {
                    client.blocks = false;
                    client.dropped++;
                }
            }
            endWaiting();
        } finally {
            lock.unlock();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how long the clients that have no space yet may still take. */
    private long offerAgain(int slot, long since) {
        long longest = 0;
        boolean ring = false;
        for (int i = clients.size() - 1; i >= 0; i--) {
            Client client = clients.get(i);
            if (!client.blocks) {
                continue;
            }
            ClientLink.Offer offer = client.link.offer(slot, pool.serial(slot));
            if (offer == ClientLink.Offer.FULL) {
                long most = Math.min(client.link.terms().timeoutNanos(), settings.mayBlockNanos());
                longest = Math.max(longest, Deadline.left(most, since));
                continue;
            }
            client.blocks = false;
            if (offer == ClientLink.Offer.VIOLATION) {
                forget(client, StreamEnd.REFUSED);
            } else {
                countTaken(client);
                ring |= client.link.wake();
            }
        }
        page.raise();
        if (ring) {
            page.ring();
        }
        return longest;
    }

    // Clients.

    /** On the background loop, as all that follows: a client wants to be let in. */
    private Optional<OutgoingMessage> subscribe(ReceivedMessage request) {
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
            LOG.log(System.Logger.Level.DEBUG, () -> "refused a client of \"" + name + "\"", e);
        } catch (RuntimeException | Error e) {
            // The loop serves others: no client may end it.
            LOG.log(System.Logger.Level.ERROR, "could not let a client of \"" + name + "\" in", e);
        }
        return Optional.empty();
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
        if (inbox.name().equals(service.name())) {
            throw Protocol.violation("it gives the server's own port as its inbox"); // which would never die
        }
        if (terms.overflow() == Terms.BLOCK && settings.mayBlockNanos() == 0) {
            throw refusal("the publisher of \"" + name + "\" does not wait for clients");
        }
        Client client;
        FrameFormat now;
        int pid = request.sender().pid();
        int id;
        lock.lock();
        try {
            requireCapacity(pid);
            id = ++lastClient;
        } finally {
            lock.unlock();
        }
        client = new Client(ClientLink.open(id, pid, terms, inbox, this));
        lock.lock();
        try {
            if (closed) {
                client.link.close();
                return; // the client learns from the loss of its inbox's sender that the stream is over
            }
            join(client);
            now = format;
        } finally {
            lock.unlock();
        }
        try {
            client.link.welcome(
                    page, now.width(), now.height(), now.pixelFormat().code());
        } catch (MachException | RuntimeException | Error e) {
            gone(client.link);
            throw e;
        }
        events.post(() -> settings.listener().connected(describe(client)));
    }

    private void join(Client client) {
        int newest = pool.newest();
        client.link.begin(newest < 0 ? published : page.record(newest).sequence());
        clients.add(client);
        count(1);
        if (waiters > 0) {
            client.link.notifyOfProgress(true);
        }
        if (newest >= 0) {
            client.link.offer(newest, pool.serial(newest));
        }
    }

    private void requireCapacity(int pid) throws MachException {
        long ofProcess =
                clients.stream().filter(client -> client.link.pid() == pid).count();
        if (clients.size() >= MAX_CLIENTS || ofProcess >= MAX_CLIENTS_OF_PROCESS) {
            throw refusal("the stream \"" + name + "\" has " + clients.size() + " clients, " + ofProcess
                    + " of them in process " + pid + ", and no capacity for one more");
        }
    }

    private static MachException refusal(String why) {
        return new MachException("mach_msg", new KernReturn(KernReturn.KERN_RESOURCE_SHORTAGE), why);
    }

    private StreamClient describe(Client client) {
        lock.lock();
        try {
            return client.describe();
        } finally {
            lock.unlock();
        }
    }

    private void count(int more) {
        receivers += more;
        hasClients = receivers > 0;
    }

    private @Nullable Client find(ClientLink link) {
        for (Client client : clients) {
            if (client.link == link) {
                return client;
            }
        }
        return null;
    }

    @Override
    public void surfaceRequested(ClientLink link, int slot, int serial) throws MachException {
        lock.lock();
        try {
            IOSurface surface = find(link) == null ? null : pool.surface(slot, serial);
            if (surface == null) {
                throw Protocol.violation("there is no surface " + serial + " in slot " + slot + " of \"" + name + "\"");
            }
            link.sendSurface(slot, serial, settings.createPort(surface));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void ready(ClientLink link) {
        Client client;
        lock.lock();
        try {
            client = find(link);
            if (client == null || client.ready) {
                return;
            }
            client.ready = true;
        } finally {
            lock.unlock();
        }
        StreamClient ready = describe(client);
        events.post(() -> settings.listener().ready(ready));
    }

    @Override
    public void progressed(ClientLink link) {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void userMessage(ClientLink link, byte[] body) {
        Client client;
        StreamClient from;
        lock.lock();
        try {
            client = find(link);
            if (client == null) {
                return;
            }
            from = client.describe();
        } finally {
            lock.unlock();
        }
        events.offer(() -> settings.listener().message(from, body));
    }

    @Override
    public void left(ClientLink link) {
        lock.lock();
        try {
            Client client = find(link);
            if (client != null && !client.left) {
                client.left = true;
                client.link.withdraw();
                count(-1);
                report(client);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void gone(ClientLink link) {
        List<IOSurface> unused;
        lock.lock();
        try {
            Client client = find(link);
            if (client == null) {
                return;
            }
            if (!client.left) {
                reclaimed += Math.max(0, client.link.holdings() - client.link.waiting());
            }
            forget(client, StreamEnd.ENDED);
            unused = closed ? pool.clear() : pool.trim(published);
            disposeIfDone();
        } finally {
            lock.unlock();
        }
        unused.forEach(IOSurface::close);
    }

    /** Ends a connection; nothing is held by it any more. */
    private void forget(Client client, StreamEnd reason) {
        if (!client.left) {
            client.left = true;
            count(-1);
            report(client);
        }
        client.link.end(reason.code());
        clients.remove(client);
        client.link.close();
        changed.signalAll();
    }

    private void report(Client client) {
        StreamClient left = client.describe();
        events.post(() -> settings.listener().left(left));
    }

    ServerStatistics statistics() {
        lock.lock();
        try {
            List<StreamClient> described = closed
                    ? List.of()
                    : clients.stream()
                            .filter(client -> !client.left)
                            .map(Client::describe)
                            .toList();
            return new ServerStatistics(published, pool.size(), mostSurfaces, reclaimed, described);
        } finally {
            lock.unlock();
        }
    }

    // The end.

    /** Waits until every client has its last frame, and the surface of it, or the time is over; then closes. */
    void finish(long nanos) throws InterruptedException {
        try {
            awaitDelivery(nanos);
        } finally {
            close();
        }
    }

    private void awaitDelivery(long nanos) throws InterruptedException {
        long since = System.nanoTime();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            announceEnd();
            beginWaiting();
            long left = nanos;
            while (!closed && left > 0 && !clients.stream().allMatch(client -> client.left || client.link.hasAll())) {
                changed.awaitNanos(Math.min(left, TimeUnit.DAYS.toNanos(1)));
                left = Deadline.left(nanos, since);
            }
            endWaiting();
        } finally {
            lock.unlock();
        }
    }

    private void announceEnd() {
        page.end(StreamEnd.ENDED.code());
        for (Client client : clients) {
            client.link.wake();
        }
        page.raise();
        page.ring();
    }

    @Override
    public void close() {
        List<IOSurface> unused;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            announceEnd();
            count(-receivers);
            unused = pool.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        listing.close();
        source.invalidate();
        service.close();
        unused.forEach(IOSurface::close);
        lock.lock();
        try {
            disposeIfDone();
        } finally {
            lock.unlock();
        }
    }

    /** Once the last client of a closed stream is gone nothing is left to serve. */
    private void disposeIfDone() {
        if (closed && clients.isEmpty()) {
            page.close();
        }
    }

    private void disposeUnheld() {
        pool.clear().forEach(IOSurface::close);
    }

    private void requireOpen() {
        if (closed) {
            throw isClosed();
        }
    }

    private IllegalStateException isClosed() {
        return new IllegalStateException("the stream \"" + name + "\" is closed");
    }
}

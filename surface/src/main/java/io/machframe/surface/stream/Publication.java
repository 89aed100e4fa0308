/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.port.ReceiveRight;
import io.machframe.surface.IOSurface;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.stream.link.FrameRecord;
import io.machframe.surface.stream.link.StreamPage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream as its publisher has it: frames go from {@link Drafts} to the {@link Audience}, which the {@link Reception} lets in.
 * It does not refer to its {@link FrameServer}, so that a forgotten one is found.
 */
final class Publication implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(FrameServer.class.getName());

    /** Every so many frames it is looked whether the pool is larger than it needs to be. */
    private static final int TRIM_INTERVAL = 32;

    private final StreamState state;
    private final Drafts drafts;
    private final StreamListing listing;
    private final Reception reception;
    private @Nullable ManagedStream managed;
    private final FrameRate rate = new FrameRate();
    private final long opened = System.nanoTime();

    /** Keeps frames in their order while a client is waited for. Taken before the state's lock. */
    private final ReentrantLock publishing = new ReentrantLock();

    /** What is said in the record of a slot. */
    private final @Nullable FrameInfo[] described = new FrameInfo[StreamPage.MAX_SLOTS];

    private Publication(StreamState state, StreamListing listing, ReceiveRight service) throws MachException {
        this.state = state;
        this.drafts = new Drafts(state);
        this.listing = listing;
        this.reception = Reception.open(state, service, this::statistics);
    }

    /** Takes ownership of the service. */
    static Publication open(String name, FrameServer.Settings settings, ReceiveRight service) throws MachException {
        StreamPage page = StreamPage.create();
        StreamListing listing = null;
        try {
            listing = StreamListing.open(settings.describe(name, settings.format()));
            Publication publication = new Publication(new StreamState(name, settings, page), listing, service);
            if (settings.managed()) {
                publication.managed = ManagedStream.register(publication);
            }
            return publication;
        } catch (MachException | RuntimeException | Error e) {
            if (listing != null) {
                listing.close();
            }
            page.close();
            throw e;
        }
    }

    String name() {
        return state.name;
    }

    long opened() {
        return opened;
    }

    FrameFormat format() {
        state.lock.lock();
        try {
            return state.format;
        } finally {
            state.lock.unlock();
        }
    }

    AudienceWishes wishes() {
        return state.audience.wishes();
    }

    boolean hasClients() {
        return state.audience.hasReceivers();
    }

    /** {@link Drafts#acquire}. */
    @Nullable
    FrameDraft acquire(long nanos) throws MachException, InterruptedException {
        return drafts.acquire(this, nanos, drafts.any);
    }

    /** What is done with surfaces. */
    Drafts drafts() {
        return drafts;
    }

    /** {@link Drafts#ended}. */
    void ended(FrameDraft draft, boolean unseen) {
        drafts.ended(draft, unseen);
    }

    /** {@link Drafts#forgotten}. */
    void forgotten(int slot, int serial) {
        drafts.forgotten(slot, serial);
    }

    /** {@link Drafts#missed}. */
    Optional<FrameArea> missed(int slot) {
        return drafts.missed(slot);
    }

    /** Changes what the frames look like from the next draft on. */
    void format(FrameFormat wanted) {
        List<IOSurface> trimmed;
        state.lock.lock();
        try {
            state.requireOpen();
            if (wanted.equals(state.format)) {
                return;
            }
            state.format = wanted;
            drafts.beginGeneration();
            state.audience.dismissUnsuited(wanted);
            trimmed = state.takeUnused();
        } finally {
            state.lock.unlock();
        }
        trimmed.forEach(IOSurface::close);
        try {
            listing.replace(state.settings.describe(state.name, wanted));
        } catch (MachException | IllegalStateException e) {
            LOG.log(System.Logger.Level.WARNING, "\"" + state.name + "\" is listed as it was before", e);
        }
    }

    void publish(FrameDraft draft, long timestamp) {
        FrameEvents.Publish event = FrameEvents.beginPublish();
        attachInfo(draft);
        List<IOSurface> trimmed = List.of();
        long sequence;
        publishing.lock();
        try {
            boolean ring;
            state.lock.lock();
            try {
                if (state.closed) {
                    state.pool.discard(draft.slot());
                    state.takeUnused().forEach(IOSurface::close);
                    throw state.isClosed();
                }
                sequence = announce(draft, timestamp);
                ring = state.audience.offer(draft.slot());
                if (state.published % TRIM_INTERVAL == 0) {
                    trimmed = state.takeUnused();
                }
            } finally {
                state.lock.unlock();
            }
            if (ring) {
                state.page.ring();
            }
            awaitSpace(draft.slot());
        } finally {
            publishing.unlock();
        }
        FrameEvents.published(event, state.name, sequence, draft.slot());
        if (!trimmed.isEmpty()) { // an iterator over nothing would be garbage, too
            trimmed.forEach(IOSurface::close);
        }
    }

    /** The frame's record decides, so what is attached to its surface beside it may fail. */
    private static void attachInfo(FrameDraft draft) {
        try {
            draft.attachInfo();
        } catch (SurfaceException e) {
            LOG.log(System.Logger.Level.WARNING, "what a frame says could not be attached to its surface", e);
        }
    }

    private long announce(FrameDraft draft, long timestamp) {
        int slot = draft.slot();
        long now = System.nanoTime();
        long sequence = state.published++;
        FrameRecord to = state.page.record(slot);
        to.sequence(sequence);
        FrameFormat shape = draft.format();
        to.surface(
                state.pool.generation(slot),
                draft.serial(),
                shape.width(),
                shape.height(),
                shape.pixelFormat().code());
        draft.describe(to, described[slot], timestamp, now);
        described[slot] = draft.info();
        drafts.published(draft, sequence);
        rate.count(now);
        state.pool.publish(slot, sequence);
        return sequence;
    }

    private void awaitSpace(int slot) {
        if (state.settings.mayBlockNanos() == 0) {
            return;
        }
        state.lock.lock();
        try {
            if (state.audience.blocks()) {
                state.audience.awaitSpace(slot);
            }
        } finally {
            state.lock.unlock();
        }
    }

    ServerStatistics statistics() {
        state.lock.lock();
        try {
            return new ServerStatistics(
                    state.published,
                    rate.perSecond(System.nanoTime()),
                    state.pool.size(),
                    drafts.mostSurfaces(),
                    state.audience.reclaimed(),
                    drafts.forgotten(),
                    state.closed ? List.of() : state.audience.describe());
        } finally {
            state.lock.unlock();
        }
    }

    /** Waits until every client has its last frame, and the surface of it, or the time is over; then closes. */
    void finish(long nanos) throws InterruptedException {
        state.lock.lock();
        try {
            if (!state.closed) {
                state.audience.announceEnd();
                state.audience.awaitDelivery(nanos);
            }
        } finally {
            state.lock.unlock();
            close();
        }
    }

    @Override
    public void close() {
        List<IOSurface> unused;
        ManagedStream seen = managed;
        try (reception;
                listing;
                seen) { // the name and the list are free whatever the rest meets
            state.lock.lock();
            try {
                if (state.closed) {
                    return;
                }
                state.closed = true;
                state.audience.announceEnd();
                state.audience.noneReceives();
                unused = state.takeUnused();
                state.changed.signalAll();
            } finally {
                state.lock.unlock();
            }
        }
        unused.forEach(IOSurface::close);
        state.lock.lock();
        try {
            state.disposeIfDone();
        } finally {
            state.lock.unlock();
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.message.MachMessage;
import io.machframe.core.port.SendRight;
import io.machframe.surface.IOSurface;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client's side of a stream: the link to the server, the mailbox, and the surfaces of the pool it got. One thread. */
final class Subscription implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Subscription.class.getName());

    private final ServerLink link;
    private final Mailbox mailbox;
    private final FrameFormat format;
    private final @Nullable ReceivedSurface[] surfaces = new ReceivedSurface[Mailbox.MAX_SLOTS];

    /** What the last frame received is held by: the mailbox, perhaps. */
    private @Nullable FrameLease last;

    private Subscription(ServerLink link, Mailbox mailbox, FrameFormat format) {
        this.link = link;
        this.mailbox = mailbox;
        this.format = format;
    }

    /** Subscribes and gets the surfaces there are. Throws as {@link FrameClient#connect}. */
    static Subscription open(String name, Duration patience) throws MachException {
        ServerLink link = ServerLink.open(name, patience);
        try (MachMessage welcome = link.subscribe()) {
            FrameFormat format = Protocol.format(welcome);
            int pool = Protocol.surfaces(welcome);
            try (SendRight port = Protocol.right(welcome)) {
                Subscription subscription = new Subscription(link, Mailbox.open(port), format);
                subscription.getSurfaces(pool);
                return subscription;
            }
        } catch (MachException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    private void getSurfaces(int pool) throws MachException {
        try {
            for (int slot = 0; slot < pool; slot++) {
                surface(slot);
            }
        } catch (MachException | RuntimeException e) {
            close();
            throw e;
        }
    }

    ServerLink link() {
        return link;
    }

    Mailbox mailbox() {
        return mailbox;
    }

    FrameFormat format() {
        return format;
    }

    /** Returns a surface of the pool, asking the server for it the first time. */
    ReceivedSurface surface(int slot) throws MachException {
        if (slot < 0 || slot >= surfaces.length) {
            throw Protocol.violation("it has a surface " + slot);
        }
        ReceivedSurface known = surfaces[slot];
        if (known == null) {
            known = new ReceivedSurface(requireFormat(link.requestSurface(slot)));
            surfaces[slot] = known;
        }
        return known;
    }

    private IOSurface requireFormat(IOSurface surface) throws MachException {
        boolean fits = surface.width() == format.width()
                && surface.height() == format.height()
                && surface.pixelFormat().equals(format.pixelFormat());
        if (!fits) {
            surface.close();
            throw Protocol.violation("a surface is not " + format);
        }
        return surface;
    }

    /** Notes what a frame is held by that was just received. */
    synchronized void leased(FrameLease lease) {
        last = lease;
    }

    /** The mailbox holds one frame at a time for this client; an older one that is still open needs a use count. */
    synchronized void countLast() throws MachException {
        if (last != null) {
            last.count();
            last = null;
        }
    }

    void countLastOrWarn() {
        try {
            countLast();
        } catch (MachException e) {
            LOG.log(System.Logger.Level.WARNING, "a frame of " + link.name() + " that is open may be drawn over", e);
        }
    }

    StreamEndedException ended() {
        return new StreamEndedException(link.name(), mailbox.hasEnded());
    }

    @Override
    public void close() {
        countLastOrWarn();
        link.close();
        mailbox.close();
        for (ReceivedSurface surface : surfaces) {
            if (surface != null) {
                surface.drop();
            }
        }
    }
}

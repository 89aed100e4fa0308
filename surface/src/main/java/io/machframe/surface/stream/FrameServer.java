/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.ServiceActiveException;
import io.machframe.core.lifetime.Hold;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.surface.IOSurface;
import io.machframe.surface.SurfaceCapability;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.layout.LayoutPolicy;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.stream.link.StreamPage;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/**
 * Publishes frames under a name, for any number of clients in any process of this user.
 *
 * <p>A frame is drawn into a surface of the server's pool, and handed on by a word in memory that is shared with each
 * client; nothing is copied, and clients that sleep are woken all at once. What a client gets when it does not keep up is
 * its own choice, {@link Delivery}, and holds up neither the publisher nor others. A surface is drawn into again when it is
 * neither the newest frame nor held by a client; what a client held when it died is free at once.
 *
 * <p><b>Ownership.</b> A server that is forgotten is closed by the garbage collector and reported.
 *
 * <p><b>Threads.</b> Thread-safe. Clients are answered on the run loop in the background.
 */
public final class FrameServer implements AutoCloseable {
    private final String name;
    private final Publication publication;
    private final Hold hold;

    private FrameServer(String name, Publication publication) {
        this.name = name;
        this.publication = publication;
        this.hold = Hold.of(this, "the stream \"" + name + "\"", publication::close);
    }

    /**
     * Begins to describe a server.
     *
     * @param name 1 to 100 bytes of UTF-8 without control characters
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** Opens a server with nothing but a format, as {@link Builder#open}. */
    public static FrameServer open(String name, FrameFormat format) throws MachException {
        return builder(name).format(format).open();
    }

    /** Returns the name of the stream. */
    public String name() {
        return name;
    }

    /** Returns what the frames of the next drafts look like. */
    public FrameFormat format() {
        return publication.format();
    }

    /**
     * Changes what the frames look like, from the next draft on. Clients see it in the first frame of that kind; frames that
     * they hold stay as they are. Those that do not take the new format are told the end, {@link StreamEnd#UNSUITABLE}.
     */
    public void format(FrameFormat format) {
        publication.format(format);
    }

    /**
     * Gives a surface to draw the next frame into, waiting until one is free. Clients alone cannot make it wait: what they
     * hold is replaced by new surfaces, within what each may hold.
     *
     * @throws IllegalStateException if the server is closed
     * @throws InterruptedException if the thread is interrupted while it waits
     * @throws MachException if there is no memory for another surface
     */
    public FrameDraft acquire() throws MachException, InterruptedException {
        return Objects.requireNonNull(acquire(Deadline.NEVER));
    }

    /** As {@link #acquire}, without waiting: returns null if no surface is free. */
    public @Nullable FrameDraft tryAcquire() throws MachException {
        try {
            return acquire(0);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e); // it does not wait
        }
    }

    /** As {@link #acquire}, waiting for at most some time: returns null if no surface was free. */
    public @Nullable FrameDraft tryAcquire(Duration limit) throws MachException, InterruptedException {
        return acquire(Deadline.nanos(limit));
    }

    private @Nullable FrameDraft acquire(long nanos) throws MachException, InterruptedException {
        try {
            return publication.acquire(nanos);
        } finally {
            Reference.reachabilityFence(this); // not pinned, because a close ends the wait
        }
    }

    /**
     * Lends a surface of the caller's own to the stream, to be published as a frame without a copy: one that was imported from
     * another library or device, or that a decoder draws into. It counts apart from the pool. Lend it once and publish it often:
     * each client fetches it once.
     *
     * <p>Clients can write into imported memory, and into a dma-buf, unless its maker has sealed it: the kernel cannot close it
     * to them.
     *
     * @param surface of the size and pixel format that frames have now. It stays the caller's, who may close it at once; the
     *     memory is kept as long as it is lent
     * @throws IllegalArgumentException if it is of another size or format
     * @throws IllegalStateException if the stream has as many surfaces as it may, or is closed
     * @throws MachException if there is no space for another reference to it
     */
    public LentSurface lend(IOSurface surface) throws MachException {
        return LentSurface.of(publication, surface);
    }

    /** Returns whether any client is connected: if none is, nothing need be drawn. Costs nothing. */
    public boolean hasClients() {
        return publication.hasClients();
    }

    /**
     * Returns what the clients want together: how many look, at what size and rate at most, and how busy it keeps them. Costs
     * nothing, so that it can be looked at for each frame; {@link ClientListener#wishes} tells of changes.
     */
    public AudienceWishes wishes() {
        return publication.wishes();
    }

    /** Returns the statistics up to now. */
    public ServerStatistics statistics() {
        return publication.statistics();
    }

    /**
     * Ends the stream for clients, waits until each has the last frame, and closes: for publishers that end with their
     * process, which takes surfaces with it that a client has not fetched yet.
     *
     * @param limit how long to wait for clients that take their time
     */
    public void finish(Duration limit) throws InterruptedException {
        long nanos = Deadline.nanos(limit);
        try {
            publication.finish(nanos);
        } finally {
            close();
        }
    }

    /**
     * Ends the stream: clients get what waits for them, are told, and keep the frames they hold; the name is free.
     * Idempotent.
     */
    @Override
    public void close() {
        hold.close();
    }

    /** What a server is opened with. */
    record Settings(
            FrameFormat format,
            String application,
            int minSurfaces,
            int maxSurfaces,
            LayoutPolicy layout,
            boolean dmaBufs,
            boolean clientsMayWrite,
            long device,
            boolean managed,
            long mayBlockNanos,
            FrameInfo info,
            Executor executor,
            ClientListener listener) {
        IOSurface createSurface(FrameFormat wanted) throws MachException {
            SurfaceProperties properties = SurfaceProperties.of(wanted.width(), wanted.height(), wanted.pixelFormat())
                    .withLayoutPolicy(layout);
            return dmaBufs ? IOSurface.createDmaBuf(properties) : IOSurface.create(properties);
        }

        ServerCapabilities capabilities() {
            return new ServerCapabilities(device, dmaBufs, clientsMayWrite);
        }

        StreamDescription describe(String name, FrameFormat now) {
            return new StreamDescription(
                    name, application, ProcessHandle.current().pid(), now);
        }

        SendRight createPort(IOSurface surface) throws MachException {
            boolean readOnly = !clientsMayWrite && !dmaBufs && IOSurface.supports(SurfaceCapability.READ_ONLY_PORTS);
            try {
                return readOnly ? surface.createReadOnlyMachPort() : surface.createMachPort();
            } catch (SurfaceException e) {
                if (e.reason().code() != KernReturn.KERN_NOT_SUPPORTED) {
                    throw e;
                }
                return surface.createMachPort(); // imported memory, which was lent
            }
        }
    }

    /** Describes a server; {@link #open} opens it. Not thread-safe. */
    public static final class Builder {
        private static final int DEFAULT_MIN = 3;
        private static final int DEFAULT_MAX = 8;

        /** The numbers that a name is tried with. */
        private static final int MOST_NAMES = 100;

        private final String name;
        private @Nullable FrameFormat format;
        private String application = StreamName.ownApplication();
        private boolean renames;
        private int min = DEFAULT_MIN;
        private int max = DEFAULT_MAX;
        private LayoutPolicy layout = LayoutPolicy.IOSURFACE;
        private boolean dmaBufs;
        private boolean clientsMayWrite;
        private long device;
        private boolean managed;
        private long mayBlockNanos;
        private FrameInfo info = FrameInfo.DEFAULT;
        private Executor executor = ForkJoinPool.commonPool();
        private ClientListener listener = new ClientListener() {};

        private Builder(String name) {
            StreamName.service(name);
            this.name = name;
        }

        /** Sets what the frames look like at first. Required. */
        public Builder format(FrameFormat ofFrames) {
            this.format = ofFrames;
            return this;
        }

        /**
         * Says which program publishes, for those who look at the list of streams; the main class if never called.
         *
         * @param called at most 100 bytes of UTF-8 without control characters
         */
        public Builder application(String called) {
            StreamName.requireApplication(called);
            this.application = called;
            return this;
        }

        /**
         * Has a name that is taken replaced by a free one: "camera 2", "camera 3" and so on. {@link FrameServer#name} says
         * which. If never called, {@link #open} refuses a name that is taken.
         */
        public Builder renameIfTaken() {
            this.renames = true;
            return this;
        }

        /**
         * Sets how many surfaces there are; {@value #DEFAULT_MIN} to {@value #DEFAULT_MAX} if never called.
         *
         * @param fewest that are kept once they were needed, at least 1
         * @param most that there are, of which all but three may be held by clients. What they hold beyond these does not
         *     count: it is bounded by what each client may hold
         */
        public Builder pool(int fewest, int most) {
            if (fewest < 1 || most < fewest || most > StreamPage.MAX_SLOTS) {
                throw new IllegalArgumentException(
                        "a pool has 1 to " + StreamPage.MAX_SLOTS + " surfaces, not " + fewest + " to " + most);
            }
            this.min = fewest;
            this.max = most;
            return this;
        }

        /** Sets the rules by which surfaces are laid out; {@link LayoutPolicy#IOSURFACE} if never called. */
        public Builder layout(LayoutPolicy rules) {
            this.layout = rules;
            return this;
        }

        /** Has surfaces made that devices can use, {@link IOSurface#createDmaBuf}. Clients may write them. */
        public Builder dmaBufs() {
            this.dmaBufs = true;
            return this;
        }

        /**
         * Lets clients write into frames, which all of them then see. If never called the kernel keeps them from that, where
         * it can: on Linux. There a publisher that exports its surfaces for writing, as to OpenGL, must do so before the
         * first client gets them, or call this.
         */
        public Builder clientsMayWrite() {
            this.clientsMayWrite = true;
            return this;
        }

        /**
         * Has the statistics told by JMX, in the MBean server of the platform, as long as the server is open: {@link
         * StreamMXBean}.
         */
        public Builder managed() {
            this.managed = true;
            return this;
        }

        /**
         * Says what the publisher draws with, {@link ServerCapabilities#device}: clients that draw with another may have to copy.
         *
         * @param number the same for the same device, such as {@code st_rdev} of a render node; not 0
         */
        public Builder device(long number) {
            this.device = number;
            return this;
        }

        /**
         * Lets clients in that hold the publisher up while their queue is full, {@link Delivery.Queue#block}; if never called
         * they are refused.
         *
         * @param longest for one frame
         */
        public Builder mayBlock(Duration longest) {
            this.mayBlockNanos = Deadline.nanos(longest);
            return this;
        }

        /** Sets how frames are to be shown that do not say so; {@link FrameInfo#DEFAULT} if never called. */
        public Builder info(FrameInfo usual) {
            this.info = usual;
            return this;
        }

        /** Has a listener told of clients, on an executor. */
        public Builder clients(Executor where, ClientListener toTell) {
            this.executor = where;
            this.listener = toTell;
            return this;
        }

        /**
         * Takes the name, and begins to answer clients.
         *
         * @throws ServiceActiveException if a live server has the name, and it is not to be {@linkplain #renameIfTaken renamed}
         * @throws MachException if names cannot be used, or the stream cannot be listed
         */
        public FrameServer open() throws MachException {
            FrameFormat ofFrames = Objects.requireNonNull(format, "a server needs a format");
            Settings settings = new Settings(
                    ofFrames,
                    application,
                    min,
                    max,
                    layout,
                    dmaBufs,
                    clientsMayWrite,
                    device,
                    managed,
                    mayBlockNanos,
                    info,
                    executor,
                    listener);
            String called = name;
            for (int number = 2; true; number++) {
                try {
                    return open(called, settings);
                } catch (ServiceActiveException e) {
                    called = name + " " + number;
                    if (!renames || number > MOST_NAMES || !StreamName.isPossible(called)) {
                        throw e;
                    }
                }
            }
        }

        private static FrameServer open(String called, Settings settings) throws MachException {
            ReceiveRight service = checkIn(called);
            Publication publication = null;
            try {
                publication = Publication.open(called, settings, service);
                return new FrameServer(called, publication);
            } catch (MachException | RuntimeException | Error e) {
                if (publication != null) {
                    publication.close();
                }
                service.close();
                throw e;
            }
        }

        private static ReceiveRight checkIn(String name) throws MachException {
            try {
                return Bootstrap.checkIn(StreamName.service(name));
            } catch (ServiceActiveException e) {
                throw new ServiceActiveException(
                        e.call(), e.reason(), "a stream named \"" + name + "\" is published already");
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.core.error.MachException;
import io.machframe.core.port.SendRight;
import io.machframe.surface.IOSurface;
import io.machframe.surface.LockOption;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.memory.ExportedMemory;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.util.List;

/** What is done to surfaces, many times, while the time is taken; {@code surfaces.c} does the same. */
final class SurfaceWork implements AutoCloseable {
    private static final SurfaceProperties FULL_HD = SurfaceProperties.of(1920, 1080, PixelFormat.BGRA);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** One kind of work. */
    enum Kind {
        CREATE("create", "create and close 1920x1080", 200),
        RECEIVE("receive", "map a received one and close it", 5_000),
        IN_USE("in-use", "ask whether it is in use", 100_000),
        PORT("port", "create a port and close it", 20_000),
        FILL("fill", "fill a locked 3840x2160 plane", 20),
        COPY("copy", "copy a picture into it", 20),
        /** Nothing that C could do beside. */
        LOCK("", "lock and unlock, read-only", 2_000_000);

        private final String order;
        private final String title;
        private final int times;

        Kind(String order, String title, int times) {
            this.order = order;
            this.title = title;
            this.times = times;
        }

        String order() {
            return order;
        }

        String title() {
            return title;
        }

        /** Returns how often it is done in one round. */
        int times() {
            return times;
        }
    }

    private final IOSurface surface;
    private final IOSurface large;
    private final ExportedMemory largeMemory;
    private final SendRight port;
    private final ByteBuffer picture;

    SurfaceWork() throws MachException {
        surface = IOSurface.create(FULL_HD);
        large = IOSurface.create(SurfaceProperties.of(3840, 2160, PixelFormat.BGRA));
        largeMemory = large.exportMemory();
        try (IOSurface other = IOSurface.create(FULL_HD)) {
            port = other.createMachPort();
        }
        picture = ByteBuffer.allocateDirect((int) large.layout().allocSize());
    }

    /** Returns where another process finds what is filled and copied to here: a file, and where in it that begins. */
    List<String> memory() {
        return List.of(
                "/proc/" + ProcessHandle.current().pid() + "/fd/" + largeMemory.descriptor(),
                Long.toString(largeMemory.planes().get(0).offset()));
    }

    /**
     * Does it and returns how many nanoseconds each took of this thread's time on a CPU: what other programs take of a
     * busy machine is not counted.
     */
    double nanos(Kind kind, int times) throws MachException {
        long start = THREADS.getCurrentThreadCpuTime();
        switch (kind) {
            case CREATE -> create(times);
            case RECEIVE -> receive(times);
            case IN_USE -> askInUse(times);
            case PORT -> makePorts(times);
            case FILL -> fill(times);
            case COPY -> copy(times);
            case LOCK -> lock(times);
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / (double) times;
    }

    private static void create(int times) throws MachException {
        for (int i = 0; i < times; i++) {
            IOSurface.create(FULL_HD).close();
        }
    }

    private void receive(int times) throws MachException {
        for (int i = 0; i < times; i++) {
            IOSurface.fromMachPort(port).close();
        }
    }

    private void askInUse(int times) {
        for (int i = 0; i < times; i++) {
            surface.isInUse();
        }
    }

    private void makePorts(int times) throws MachException {
        for (int i = 0; i < times; i++) {
            surface.createMachPort().close();
        }
    }

    private void fill(int times) {
        for (int i = 0; i < times; i++) {
            try (SurfaceLock lock = large.lock()) {
                fill(lock.plane(0).bytes(), i);
            }
        }
    }

    private static void fill(ByteBuffer plane, long value) {
        for (int at = 0; at < plane.limit(); at += Long.BYTES) {
            plane.putLong(at, value);
        }
    }

    private void copy(int times) {
        for (int i = 0; i < times; i++) {
            try (SurfaceLock lock = large.lock()) {
                lock.plane(0).bytes().put(0, picture, 0, picture.capacity());
            }
        }
    }

    private void lock(int times) {
        for (int i = 0; i < times; i++) {
            surface.lock(LockOption.READ_ONLY).close();
        }
    }

    @Override
    public void close() {
        port.close();
        largeMemory.close();
        large.close();
        surface.close();
    }
}

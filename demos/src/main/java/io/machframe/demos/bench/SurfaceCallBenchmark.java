/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.core.error.MachException;
import io.machframe.core.port.SendRight;
import io.machframe.surface.IOSurface;
import io.machframe.surface.LockOption;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Calls on surfaces. */
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public class SurfaceCallBenchmark {
    private static final SurfaceProperties FULL_HD = SurfaceProperties.of(1920, 1080, PixelFormat.BGRA);

    private IOSurface surface;

    /** Makes a surface. */
    @Setup
    public void open() throws MachException {
        surface = IOSurface.create(FULL_HD);
    }

    /** Closes it. */
    @TearDown
    public void close() {
        surface.close();
    }

    /** Locks for reading and unlocks. */
    @Benchmark
    public int lockReadOnly() {
        try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            return lock.seed();
        }
    }

    /** Locks for reading, reads a byte and unlocks. */
    @Benchmark
    public int lockReadOnlyAndRead() {
        try (SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            return lock.plane(0).bytes().get(0);
        }
    }

    /** Locks for writing and unlocks, which raises the seed. */
    @Benchmark
    public int lock() {
        try (SurfaceLock lock = surface.lock()) {
            return lock.seed();
        }
    }

    /** Asks whether anybody uses it; nobody does. */
    @Benchmark
    public boolean isInUse() {
        return surface.isInUse();
    }

    /** Raises the use count from 0 and lowers it again. */
    @Benchmark
    public void use() throws MachException {
        surface.incrementUseCount();
        surface.decrementUseCount();
    }

    /** Makes a surface's port and closes it. */
    @Benchmark
    public void createAndClosePort() throws MachException {
        try (SendRight port = surface.createMachPort()) {
            port.name();
        }
    }

    /** Makes a surface of 1920x1080 and closes it; the memory is allocated, nothing is drawn. */
    @Benchmark
    public void createAndClose() throws MachException {
        IOSurface.create(FULL_HD).close();
    }
}

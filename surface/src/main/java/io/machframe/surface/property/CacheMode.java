/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

/**
 * How a CPU caches the memory of a surface on macOS. Linux caches shared memory as it likes, whatever is asked for.
 *
 * <p>{@code IOSurfaceTypes.h} names each twice: {@code kIOSurface…Cache}, and shifted by
 * {@code kIOSurfaceMapCacheShift} bits as {@code kIOSurfaceMap…Cache}, which is what {@code kIOSurfaceCacheMode} takes.
 */
public enum CacheMode {
    /** As the system likes. {@code kIOSurfaceDefaultCache}. */
    DEFAULT(0),
    /** Not at all. {@code kIOSurfaceInhibitCache}. */
    INHIBIT(1),
    /** Writes go to memory at once. {@code kIOSurfaceWriteThruCache}. */
    WRITE_THRU(2),
    /** As ordinary memory. {@code kIOSurfaceCopybackCache}. */
    COPYBACK(3),
    /** Writes are collected; reads are very slow. {@code kIOSurfaceWriteCombineCache}. */
    WRITE_COMBINE(4),
    /** {@code kIOSurfaceCopybackInnerCache}. */
    COPYBACK_INNER(5);

    private static final int SHIFT = 8;

    private final int number;

    CacheMode(int number) {
        this.number = number;
    }

    /** Returns its number in C. */
    public int number() {
        return number;
    }

    /** Returns its number as the value of {@code kIOSurfaceCacheMode}. */
    public int mapNumber() {
        return number << SHIFT;
    }
}

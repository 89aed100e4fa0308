/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.surface.Surface;
import io.machframe.surface.error.SurfaceException;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was made for each surface of a stream, whose frames use the same few again and again. A stream lends the same object
 * for each frame in a surface, and closes it when the surface is no longer one of the stream's.
 */
final class SurfaceCache<T extends AutoCloseable> {
    /** Makes something for a surface. */
    interface Maker<T> {
        T make(Surface surface) throws GlException, SurfaceException;
    }

    private final Maker<T> maker;
    private final IdentityHashMap<Surface, T> made = new IdentityHashMap<>();

    SurfaceCache(Maker<T> maker) {
        this.maker = maker;
    }

    T get(Surface surface) throws GlException, SurfaceException {
        @Nullable T known = made.get(surface);
        if (known == null) {
            made.entrySet().removeIf(entry -> isGone(entry.getKey(), entry.getValue()));
            known = maker.make(surface);
            made.put(surface, known);
        }
        return known;
    }

    int size() {
        return made.size();
    }

    private static boolean isGone(Surface surface, AutoCloseable made) {
        try {
            surface.id();
            return false;
        } catch (IllegalStateException closed) {
            close(made);
            return true;
        }
    }

    void close() {
        made.values().forEach(SurfaceCache::close);
        made.clear();
    }

    private static void close(AutoCloseable made) {
        try {
            made.close();
        } catch (Exception e) {
            throw new IllegalStateException(e); // neither textures nor targets throw
        }
    }
}

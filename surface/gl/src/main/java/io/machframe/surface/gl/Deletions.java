/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lwjgl.opengl.GL;
import org.lwjgl.opengl.GLCapabilities;

/**
 * What is to be deleted in a context: at once on a thread where that is current, else by the next call there. Once the
 * context is gone, so is all that was in it.
 */
final class Deletions {
    private final GLCapabilities context;
    private final List<Runnable> waiting = new ArrayList<>();
    private boolean gone;

    Deletions(GLCapabilities context) {
        this.context = context;
    }

    /**
     * Deletes something now or later.
     *
     * @param delete calls OpenGL
     */
    void delete(Runnable delete) {
        synchronized (waiting) {
            if (gone) {
                return;
            }
            if (!isCurrent()) {
                waiting.add(delete);
                return;
            }
        }
        delete.run();
    }

    /** Deletes what waits. The context is current. */
    void run() {
        List<Runnable> due;
        synchronized (waiting) {
            if (waiting.isEmpty()) {
                return;
            }
            due = List.copyOf(waiting);
            waiting.clear();
        }
        due.forEach(Runnable::run);
    }

    /** The context is lost or destroyed: nothing is to be deleted any more. */
    void contextGone() {
        synchronized (waiting) {
            gone = true;
            waiting.clear();
        }
    }

    /** Returns whether the context is current on this thread. */
    boolean isCurrent() {
        return current() == context;
    }

    /** Returns what LWJGL knows of the context of this thread, or null if it has none. */
    static @Nullable GLCapabilities current() {
        try {
            return GL.getCapabilities();
        } catch (IllegalStateException none) {
            return null;
        }
    }
}

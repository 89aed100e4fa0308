/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.core.platform.linux.memory.FileIdentity;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The surfaces of this process, each once however often it arrives, and the references to them. Thread-safe. */
final class HeldSurfaces {
    private final ReferenceTable references = new ReferenceTable();
    private final Map<FileIdentity, LinuxSurface> surfaces = new HashMap<>();

    /**
     * Returns the surface that a reference stands for. Neither locks nor allocates.
     *
     * @throws IllegalArgumentException if it stands for none, as one that was released
     */
    LinuxSurface get(long reference) {
        LinuxSurface found = references.find(reference);
        if (found == null) {
            throw new IllegalArgumentException("no surface has the reference 0x" + Long.toHexString(reference));
        }
        return found;
    }

    /** Makes a reference to a surface that was made or received; one that is held already is not kept twice. */
    synchronized long add(LinuxSurface arrived) {
        LinuxSurface known = surfaces.putIfAbsent(arrived.identity(), arrived);
        if (known != null) {
            arrived.close();
        }
        LinuxSurface kept = known == null ? arrived : known;
        kept.retain();
        return references.add(kept);
    }

    /** Makes a reference to a surface that may be going; returns 0 if it is gone. */
    synchronized long refer(@Nullable LinuxSurface known) {
        if (known == null || surfaces.get(known.identity()) != known) {
            return 0;
        }
        if (!known.isReferenced() && !known.uses().isInUse()) {
            return 0; // it was kept for a port that is gone
        }
        known.retain();
        return references.add(known);
    }

    /** Takes a reference away; returns its surface if that was the last. */
    synchronized @Nullable LinuxSurface release(long reference) {
        LinuxSurface found = references.remove(reference);
        return found != null && found.release() ? found : null;
    }

    /** Returns whether a surface is held without references. Its caller locks this, so that it stays so. */
    synchronized boolean isUnreferenced(LinuxSurface surface) {
        return !surface.isReferenced() && surfaces.get(surface.identity()) == surface;
    }

    /** Holds a surface no more; the caller closes it. */
    synchronized void remove(LinuxSurface surface) {
        surfaces.remove(surface.identity());
    }
}

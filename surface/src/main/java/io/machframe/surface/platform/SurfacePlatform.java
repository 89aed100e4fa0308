/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.Platform;
import io.machframe.core.platform.PlatformCapability;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.platform.darwin.DarwinSurfaceCalls;
import io.machframe.surface.platform.linux.LinuxSurfaceCalls;

/** Chooses the surface calls that belong to this system's {@link Platform}. */
public final class SurfacePlatform {
    private SurfacePlatform() {}

    /**
     * Returns this system's surface calls.
     *
     * @throws UnsupportedOperationException as {@link Platform#current}
     */
    public static SurfaceCalls current() {
        Platform.current();
        return Current.CALLS;
    }

    /**
     * As {@link #current}.
     *
     * @throws SurfaceException {@code KERN_NOT_SUPPORTED} where that throws
     */
    public static SurfaceCalls require(String call) throws SurfaceException {
        try {
            Platform.require(call);
        } catch (MachException e) {
            throw new SurfaceException(call, e);
        }
        return Current.CALLS;
    }

    private static final class Current {
        static final SurfaceCalls CALLS = select(Platform.current());

        private static SurfaceCalls select(Platform platform) {
            return platform.has(PlatformCapability.FOREIGN_MEMORY)
                    ? new LinuxSurfaceCalls(platform)
                    : new DarwinSurfaceCalls();
        }
    }
}

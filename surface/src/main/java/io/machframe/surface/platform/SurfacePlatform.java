/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform;

import io.machframe.core.platform.Platform;
import io.machframe.core.platform.PlatformCapability;
import io.machframe.surface.platform.darwin.DarwinSurfaceCalls;
import io.machframe.surface.platform.linux.LinuxSurfaceCalls;

/** Chooses the surface calls that belong to this system's {@link Platform}. */
public final class SurfacePlatform {
    private static final SurfaceCalls CALLS = select(Platform.current());

    private SurfacePlatform() {}

    /** Returns this system's surface calls. */
    public static SurfaceCalls current() {
        return CALLS;
    }

    private static SurfaceCalls select(Platform platform) {
        return platform.has(PlatformCapability.FOREIGN_MEMORY)
                ? new LinuxSurfaceCalls(platform)
                : new DarwinSurfaceCalls();
    }
}

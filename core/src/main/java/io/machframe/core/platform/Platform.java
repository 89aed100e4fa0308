/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import io.machframe.core.platform.darwin.DarwinPlatform;
import io.machframe.core.platform.linux.LinuxPlatform;

/** The tables of calls that everything else is built on, as one system offers them. Immutable, for any thread. */
public abstract class Platform {
    /** Returns this system's platform. Throws {@link UnsupportedOperationException} on one that is neither. */
    public static Platform current() {
        return Current.PLATFORM;
    }

    public abstract MachCalls mach();

    public abstract BootstrapCalls bootstrap();

    /**
     * Returns the waiting for shared words.
     *
     * @throws UnsupportedOperationException without {@link PlatformCapability#SHARED_WORDS}
     */
    public abstract WordCalls words();

    /**
     * Returns memory as descriptors.
     *
     * @throws UnsupportedOperationException without {@link PlatformCapability#FOREIGN_MEMORY}
     */
    public abstract MemoryPorts memoryPorts();

    public abstract boolean has(PlatformCapability capability);

    private static final class Current {
        static final Platform PLATFORM = select(System.getProperty("os.name", ""));

        private static Platform select(String system) {
            if (system.startsWith("Linux")) {
                return new LinuxPlatform();
            }
            if (system.startsWith("Mac")) {
                return new DarwinPlatform();
            }
            throw new UnsupportedOperationException("Machframe runs on Linux and macOS, not on " + system);
        }
    }
}

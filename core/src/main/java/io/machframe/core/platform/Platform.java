/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.darwin.DarwinPlatform;
import io.machframe.core.platform.linux.LinuxPlatform;
import org.jspecify.annotations.Nullable;

/** The tables of calls that everything else is built on, as one system offers them. Immutable, for any thread. */
public abstract class Platform {
    /**
     * Returns this system's platform.
     *
     * @throws UnsupportedOperationException on another system, or where native code cannot be loaded; at each call
     */
    public static Platform current() {
        Platform platform = Current.PLATFORM;
        if (platform == null) {
            throw new UnsupportedOperationException(Current.PROBLEM);
        }
        return platform;
    }

    /**
     * Says first, for a call that can say so by an exception of its own, that there is no platform.
     *
     * @throws MachException {@code KERN_NOT_SUPPORTED} if {@link #current} throws
     */
    public static void require(String call) throws MachException {
        if (Current.PLATFORM == null) {
            throw new MachException(call, new KernReturn(KernReturn.KERN_NOT_SUPPORTED), Current.PROBLEM);
        }
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
        static final @Nullable Platform PLATFORM;
        static final String PROBLEM;

        static {
            Platform platform = null;
            String problem = "";
            try {
                platform = select(System.getProperty("os.name", ""));
            } catch (UnsupportedOperationException e) {
                problem = String.valueOf(e.getMessage());
            } catch (LinkageError | RuntimeException e) { // a class that failed to begin would say why only once
                problem = NativeCode.explain(e);
            }
            PLATFORM = platform;
            PROBLEM = problem;
        }

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

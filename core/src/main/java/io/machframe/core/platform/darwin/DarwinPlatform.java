/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import com.sun.jna.NativeLibrary;
import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MemoryPorts;
import io.machframe.core.platform.Platform;
import io.machframe.core.platform.PlatformCapability;
import io.machframe.core.platform.WordCalls;
import org.jspecify.annotations.Nullable;

/**
 * macOS, arm64 and x86_64: the calls of libSystem, answered by the Mach kernel and by launchd.
 *
 * <p>Not run on a Mac yet: the bindings were checked against the ABI table of the macOS SDKs 11.3 to 14.2 and called
 * on Linux into a library compiled from it. What the kernel itself answers is untried.
 */
public final class DarwinPlatform extends Platform {
    private final MachCalls mach;
    private final BootstrapCalls bootstrap;
    private final @Nullable WordCalls words;

    /**
     * Binds libSystem.
     *
     * @throws UnsatisfiedLinkError on a system that has none
     */
    public DarwinPlatform() {
        this(LibSystem.INSTALL_NAME);
    }

    /** @param libSystem the library to bind; the tests give their own */
    DarwinPlatform(String libSystem) {
        NativeLibrary library = LibSystem.bind(libSystem);
        int task = library.getGlobalVariableAddress(LibSystem.TASK_SELF).getInt(0);
        long pageSize = library.getGlobalVariableAddress(LibSystem.PAGE_SIZE).getLong(0);
        this.mach = new DarwinMachCalls(task, new DarwinMemoryCalls(task, pageSize));
        this.words = SyncWords.bind(library);
        this.bootstrap = new DarwinBootstrapCalls(library.getGlobalVariableAddress(LibSystem.BOOTSTRAP_PORT));
    }

    @Override
    public MachCalls mach() {
        return mach;
    }

    @Override
    public BootstrapCalls bootstrap() {
        return bootstrap;
    }

    @Override
    public WordCalls words() {
        if (words == null) {
            throw new UnsupportedOperationException("this macOS has no os_sync_wait_on_address: it came with 14.4");
        }
        return words;
    }

    @Override
    public MemoryPorts memoryPorts() {
        throw new UnsupportedOperationException("macOS shares no memory by descriptors");
    }

    @Override
    public boolean has(PlatformCapability capability) {
        return capability == PlatformCapability.MACH_KERNEL
                || (capability == PlatformCapability.SHARED_WORDS && words != null);
    }
}

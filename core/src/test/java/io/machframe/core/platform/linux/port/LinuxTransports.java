/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import io.machframe.core.platform.kernel.Transport;
import io.machframe.core.platform.linux.wire.WireLayout;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lets tests of other packages make transports of sockets. */
public final class LinuxTransports {
    /** What the system charges a small message with. */
    private static final int CHARGE = 768;

    private LinuxTransports() {}

    public static Transport create() {
        return new LinuxTransport();
    }

    /** Returns how many small messages fit in the buffer that ports get on this system. */
    public static int smallMessagesInABuffer() {
        // Not all at once: such a file gives no more than the first read asks for.
        try (BufferedReader setting = Files.newBufferedReader(Path.of("/proc/sys/net/core/wmem_max"))) {
            int granted = Integer.parseInt(setting.readLine().trim());
            return 2 * Math.min(granted, WireLayout.BUFFER_SIZE) / CHARGE;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

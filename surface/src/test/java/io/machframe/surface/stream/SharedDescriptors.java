/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.testing.Eventually;
import io.machframe.core.testing.ProcessResources;
import java.time.Duration;

/** Counts this process's descriptors for what it shares with others: sockets, pipes and memory. */
public final class SharedDescriptors {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int PAUSE_MILLIS = 20;

    private SharedDescriptors() {}

    /** Returns how many there are, once nothing that was closed before is still on its way. */
    public static long count() throws InterruptedException {
        long count = now();
        long again = -1;
        while (count != again) {
            again = count;
            Thread.sleep(PAUSE_MILLIS);
            count = now();
        }
        return count;
    }

    /** Requires that there are no more than that, in the end: who is let go of may take a moment to notice. */
    public static void requireAtMost(long most) {
        Eventually.await("no more than " + most + " descriptors", PATIENCE, () -> now() <= most);
    }

    private static long now() {
        return ProcessResources.descriptors("socket:")
                + ProcessResources.descriptors("pipe:")
                + ProcessResources.descriptors("memfd:");
    }
}

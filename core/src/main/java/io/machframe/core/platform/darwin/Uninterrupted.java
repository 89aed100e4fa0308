/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Does work with files on a thread that may be interrupted: the JDK would close the file, and nothing would be done. */
final class Uninterrupted {
    private Uninterrupted() {}

    /** What is done, from the start again if an interrupt closed its file. */
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does it, and leaves the thread interrupted if it was, or was in the meantime. */
    static <T> T call(Work<T> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

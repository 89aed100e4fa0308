/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.linux.libc.LibC;
import org.junit.jupiter.api.Test;

class QueueReaderTest {
    @Test
    void onlyErrorsThatMeanDeathCloseAPort() {
        for (int errno : new int[] {LibC.EPIPE, LibC.ECONNRESET, LibC.ECONNREFUSED, LibC.ENOTCONN}) {
            assertEquals(QueueReader.DEAD, QueueReader.outcome(errno));
        }
        for (int errno : new int[] {LibC.EAGAIN, LibC.EINTR}) {
            assertEquals(QueueReader.EMPTY, QueueReader.outcome(errno));
        }
        for (int errno : new int[] {LibC.ENOMEM, LibC.ENOBUFS, LibC.EMFILE, LibC.ENFILE}) {
            assertEquals(QueueReader.SHORTAGE, QueueReader.outcome(errno));
        }
    }
}

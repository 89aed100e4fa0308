/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.platform.LibraryThread;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SendEnd;
import io.machframe.core.platform.kernel.Watch;
import io.machframe.core.testing.LogCapture;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class EpollWatchTest {
    @Test
    void theThreadOutlivesErrorsOfWhatItCalls() throws Exception {
        LinuxTransport transport = new LinuxTransport();
        AtomicInteger errors = new AtomicInteger();
        CountDownLatch died = new CountDownLatch(1);
        ReceiveEnd port = transport.createPort(5);
        SendEnd right = port.makeSend();
        Watch[] watch = new Watch[1];
        try (LogCapture log = new LogCapture(LibraryThread.class)) {
            watch[0] = transport.createWatch(() -> {
                switch (errors.incrementAndGet()) {
                    case 1 -> throw new OutOfMemoryError("injected");
                    case 2 -> throw new StackOverflowError("injected");
                    default -> watch[0].happened().forEach(key -> died.countDown());
                }
            });
            watch[0].watch(right, Watch.Event.DEATH, "right");
            port.close();
            assertTrue(died.await(50, TimeUnit.SECONDS));
            assertTrue(log.messages().size() == 1, () -> log.messages().toString());
        }
        watch[0].forget(Watch.Event.DEATH, "right");
        watch[0].close();
        right.close();
    }
}

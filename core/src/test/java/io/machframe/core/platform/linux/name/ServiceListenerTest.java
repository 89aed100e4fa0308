/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.port.LinuxTransport;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class ServiceListenerTest {
    private final String name = "listener." + ProcessHandle.current().pid();
    private final MachKernel kernel = new MachKernel(new LinuxTransport());
    private final LinuxBootstrapCalls bootstrap = new LinuxBootstrapCalls(kernel);
    private final int[] found = new int[1];

    @Test
    void anErrorWhileAnsweringEndsNeitherTheServiceNorItsName() throws Exception {
        ReceiveEnd port = new LinuxTransport().createPort(5);
        AtomicInteger calls = new AtomicInteger();
        ServiceListener listener = ServiceListener.open(RuntimeDirectory.open(), name);
        listener.start(
                () -> {
                    switch (calls.incrementAndGet()) {
                        case 1 -> throw new OutOfMemoryError("injected");
                        case 2 -> throw new StackOverflowError("injected");
                        default -> {
                            return port.makeSend();
                        }
                    }
                },
                new int[0],
                () -> {});
        assertEquals(KERN_SUCCESS, bootstrap.lookUp(name, 60_000, found));
        assertEquals(3, calls.get());
        assertEquals(KERN_SUCCESS, kernel.deallocate(found[0]));
        listener.stop();
        port.close();
    }

    @Test
    void aNameThatIsStoppedTwiceTouchesNothingThatBelongsToOthersByThen() throws Exception {
        ServiceListener listener = ServiceListener.open(RuntimeDirectory.open(), name);
        listener.close();
        try (RuntimeDirectory reused = RuntimeDirectory.open()) {
            ServiceListener next = ServiceListener.open(RuntimeDirectory.open(), name);
            listener.stop();
            listener.close();
            assertEquals(
                    List.of(ServiceFile.of(name) + ServiceListener.LOCK),
                    reused.files(ServiceListener.LOCK).stream()
                            .filter(file -> file.startsWith(ServiceFile.of(name)))
                            .toList());
            next.close();
        }
    }

    @Test
    void namesOfKilledProcessesAreSwept() throws Exception {
        try (RuntimeDirectory directory = RuntimeDirectory.open()) {
            String dead = ServiceFile.of(name + ".dead");
            for (String file : List.of(dead + ServiceListener.LOCK, dead + ServiceListener.SOCKET)) {
                LibC.close(directory.openFile(file, LibC.O_RDWR | LibC.O_CREAT, 0600));
            }
            ServiceListener living = ServiceListener.open(RuntimeDirectory.open(), name);
            assertEquals(List.of(), filesOf(directory, dead));
            ServiceListener another = ServiceListener.open(RuntimeDirectory.open(), name + ".another");
            assertNotEquals(List.of(), filesOf(directory, ServiceFile.of(name) + "."));
            another.close();
            living.close();
        }
    }

    private static List<String> filesOf(RuntimeDirectory directory, String name) {
        return directory.files("").stream()
                .filter(file -> file.startsWith(name))
                .toList();
    }
}

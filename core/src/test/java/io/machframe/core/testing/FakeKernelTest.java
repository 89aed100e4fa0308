/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SendEnd;
import org.junit.jupiter.api.Test;

/** The fake must catch what a real transport would let pass. */
class FakeKernelTest {
    private final FakeKernel fake = new FakeKernel();
    private final MachKernel task = fake.newTask();

    private ReceiveEnd port() {
        int[] name = new int[1];
        assertEquals(0, task.construct(0, 0, 0, name));
        ReceiveEnd end = task.receiveEnd(name[0]);
        assertNotNull(end);
        return end;
    }

    @Test
    void anEndThatIsClosedTwiceFails() throws Exception {
        SendEnd end = port().makeSend();
        end.close();
        assertThrows(AssertionError.class, end::close);
    }

    @Test
    void anEndThatIsUsedAfterItsLastCloseFails() throws Exception {
        ReceiveEnd port = port();
        SendEnd end = port.makeSend();
        end.retain();
        end.close();
        assertEquals(false, end.isDead());
        end.close();
        assertThrows(AssertionError.class, end::isDead);
        assertThrows(AssertionError.class, end::retain);
        port.close();
        assertThrows(AssertionError.class, port::makeSend);
        assertThrows(AssertionError.class, port::queued);
    }

    @Test
    void whatIsOpenIsTold() throws Exception {
        ReceiveEnd port = port();
        SendEnd end = port.makeSendOnce();
        assertEquals(2, fake.open().size());
        end.close();
        port.close();
        assertEquals(0, fake.open().size());
    }
}

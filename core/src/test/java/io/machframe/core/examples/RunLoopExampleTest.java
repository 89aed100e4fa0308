/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.runloop.RunLoopTimer;
import io.machframe.core.testing.RightsLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code runloop}. */
@ExtendWith(RightsLedger.class)
class RunLoopExampleTest {
    private final List<String> happened = new ArrayList<>();

    @Test
    void oneThreadWaitsForMessagesAndTimersAtOnce() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight right = port.makeSend()) {
            OutgoingMessage.builder().id(5).build().sendTo(right);
            // @start region="run"
            RunLoop loop = RunLoop.current();
            PortSource messages = PortSource.of(0, port, message -> {
                happened.add("message " + message.id());
                return Optional.empty(); // no reply
            });
            loop.add(messages, RunLoopMode.DEFAULT);
            RunLoopTimer end = RunLoopTimer.after(Duration.ofMillis(50), timer -> loop.stop());
            loop.add(end, RunLoopMode.DEFAULT);
            loop.run(); // until somebody stops it
            messages.invalidate();
            // @end
        }
        assertEquals(List.of("message 5"), happened);
    }
}

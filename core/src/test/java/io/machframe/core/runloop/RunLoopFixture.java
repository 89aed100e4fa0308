/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.RightsLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The loop of the thread that tests, and what it has seen. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
abstract class RunLoopFixture {
    static final RunLoopMode MODE = new RunLoopMode("test");
    static final RunLoopMode OTHER = new RunLoopMode("other");
    static final Duration LONG = Duration.ofSeconds(50);
    static final Duration SHORT = Duration.ofMillis(20);

    final RunLoop loop = RunLoop.current();
    final List<Object> seen = Collections.synchronizedList(new ArrayList<>());

    /** A port with a source in {@link #MODE} that notes the ids of its messages. */
    final class Inbox implements AutoCloseable {
        final ReceiveRight port = Task.self().allocatePort();
        final SendRight right = port.makeSend();
        final PortSource source = PortSource.of(0, port, this::received);

        Inbox() throws Exception {
            loop.add(source, MODE);
        }

        private Optional<OutgoingMessage> received(ReceivedMessage message) {
            seen.add(message.id());
            return Optional.empty();
        }

        void send(int id) throws Exception {
            OutgoingMessage.builder().id(id).build().sendTo(right);
        }

        @Override
        public void close() {
            source.invalidate();
            right.close();
            port.close();
        }
    }

    interface Action {
        void run() throws Exception;
    }

    /** Does something on another thread as soon as the loop sleeps. */
    CompletableFuture<Void> whenAsleep(RunLoop asleep, Action action) {
        return CompletableFuture.runAsync(() -> {
            while (!asleep.isWaiting()) {
                Thread.onSpinWait();
            }
            assertDoesNotThrow(action::run);
        });
    }

    RunResult run(Duration limit) throws Exception {
        return loop.runInMode(MODE, limit, false);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.port.MessageSource;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Sends and receives as tests of this package do. */
final class TestMessages {
    private TestMessages() {}

    /** Takes the next message of a port as a notification; empty if there is none, or it is something else. */
    static Optional<Notification> next(ReceiveRight port) throws Exception {
        Optional<ReceivedMessage> message = ReceivedMessage.tryReceiveFrom(port, Duration.ZERO);
        if (message.isEmpty()) {
            return Optional.empty();
        }
        try (ReceivedMessage found = message.get()) {
            return found.takeNotification();
        }
    }

    static void send(SendRight to, int id) throws Exception {
        try (OutgoingMessage message = OutgoingMessage.builder().id(id).build()) {
            message.sendTo(to);
        }
    }

    /** Receives in a thread that waits. */
    static CompletableFuture<ReceivedMessage> receiveInThread(MessageSource source) {
        CompletableFuture<ReceivedMessage> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(ReceivedMessage.receiveFrom(source));
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
        return result;
    }
}

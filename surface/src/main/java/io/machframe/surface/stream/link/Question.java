/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.Notification;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.nio.ByteBuffer;
import java.time.Duration;

/** Asks a server how it does, without becoming its client. */
public final class Question {
    private Question() {}

    /**
     * Asks, and waits for the answer.
     *
     * @param service the stream's name as a service
     * @param name the stream's name, for messages
     * @return the body of the answer
     * @throws DeadPortException if the server ends meanwhile
     * @throws MachException if nothing has that name, or it does not answer in time
     */
    public static ByteBuffer ask(String service, String name, Duration timeout)
            throws MachException, InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        try (SendRight server = Bootstrap.lookUp(service, timeout);
                ReceiveRight answers = Task.self().allocatePort();
                OutgoingMessage question = Protocol.of(Protocol.QUESTION, Protocol.VERSION)
                        .replyOnceTo(answers)
                        .build()) {
            if (!question.trySendTo(server, left(end))) {
                throw ServerLink.noAnswer("mach_msg", name);
            }
            try (ReceivedMessage answer = ReceivedMessage.tryReceiveFrom(answers, left(end))
                    .orElseThrow(() -> ServerLink.noAnswer("mach_msg", name))) {
                return body(answer, name);
            }
        } catch (MachException e) {
            throw e.reason().code() == KernReturn.MACH_RCV_TIMED_OUT ? ServerLink.noAnswer(e.call(), name) : e;
        }
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private static ByteBuffer body(ReceivedMessage answer, String name) throws MachException {
        if (answer.takeNotification().orElse(null) instanceof Notification.SendOnce) {
            throw ServerLink.died(name);
        }
        if (answer.id() == Protocol.REFUSED) {
            throw Protocol.refused(answer);
        }
        if (answer.id() != Protocol.ANSWER) {
            throw Protocol.violation("its id is " + Integer.toHexString(answer.id()));
        }
        ByteBuffer body = answer.body();
        return ByteBuffer.allocate(body.remaining()).put(body).flip();
    }
}

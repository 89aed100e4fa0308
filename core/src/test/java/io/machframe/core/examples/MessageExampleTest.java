/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.Background;
import io.machframe.core.testing.RightsLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the package page of {@code message}. */
@ExtendWith(RightsLedger.class)
class MessageExampleTest {
    // @start region="serve"
    /** Takes one request and answers it. */
    static void serve(ReceiveRight server) throws MachException, InterruptedException {
        try (ReceivedMessage request = ReceivedMessage.receiveFrom(server)) {
            String question = UTF_8.decode(request.body()).toString();
            long asker = request.sender().pid(); // as the kernel knows it
            OutgoingMessage.builder()
                    .id(request.id())
                    .body((question + " yourself, " + asker).getBytes(UTF_8))
                    .build()
                    .sendTo(request.takeReplyOnce());
        } catch (InvalidMessageException e) {
            // Not what this server understands: it is destroyed, with all that came in it.
        }
    }
    // @end

    // @start region="ask"
    /** Asks a server; the answer comes to a port of its own. */
    static String ask(SendRight toServer, String question) throws MachException, InterruptedException {
        try (ReceiveRight answers = Task.self().allocatePort()) {
            OutgoingMessage request = OutgoingMessage.builder()
                    .id(1)
                    .body(question.getBytes(UTF_8))
                    .replyOnceTo(answers)
                    .build();
            try (ReceivedMessage answer = request.sendAndReceive(toServer, answers)) {
                return UTF_8.decode(answer.body()).toString();
            }
        }
    }
    // @end

    @Test
    void aRequestIsAnswered() throws Exception {
        try (ReceiveRight server = Task.self().allocatePort();
                SendRight toServer = server.makeSend()) {
            Thread serving = Background.start(() -> serve(server));
            assertEquals("hello yourself, " + ProcessHandle.current().pid(), ask(toServer, "hello"));
            serving.join();
        }
    }
}

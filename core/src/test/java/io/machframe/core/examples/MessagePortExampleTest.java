/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.messageport.LocalMessagePort;
import io.machframe.core.messageport.RemoteMessagePort;
import io.machframe.core.messageport.Reply;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code messageport}. */
@ExtendWith(RightsLedger.class)
class MessagePortExampleTest {
    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    @Test
    void aRequestByNameIsAnswered() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        // @start region="serve"
        LocalMessagePort server = LocalMessagePort.create(
                "com.example.echo", (port, id, data) -> Optional.of(bytes("heard: " + UTF_8.decode(data))));
        server.setExecutor(executor); // or add its runLoopSource to a run loop
        // @end
        String answer;
        // @start region="ask"
        try (RemoteMessagePort remote = RemoteMessagePort.connect("com.example.echo")) {
            Duration limit = Duration.ofSeconds(30);
            Reply reply = remote.request(1, bytes("hello"), limit, limit);
            answer = UTF_8.decode(reply.data()).toString();
        }
        // @end
        server.close();
        executor.shutdown();
        assertEquals("heard: hello", answer);
    }
}

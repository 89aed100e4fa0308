/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.port.ReceiveRight;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The bytes of a message: framed or raw, of any length. */
class MessageBodyTest extends TwoTasks {
    /** A peer need not frame its body as this library does. */
    @Test
    void aBodyThatIsNotFramedIsReadRaw() throws Exception {
        for (int length : new int[] {-1, 9, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            ByteBuffer raw = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
            raw.putInt(length).putInt(7).putInt(8).flip();
            OutgoingMessage.builder().rawBody(raw).build().sendTo(toServer);
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox)) {
                assertThrows(InvalidMessageException.class, message::body);
                assertEquals(12, message.rawBody().remaining());
                assertEquals(8, message.rawBody().getInt(8));
            }
        }
        assertThrows(
                IllegalArgumentException.class, () -> OutgoingMessage.builder().rawBody(ByteBuffer.allocate(3)));
    }

    /** F21, F22: the body of a builder is what remains of the buffer, of any kind, and is not moved through. */
    @Test
    void aBodyIsWhatRemainsOfItsBuffer() throws Exception {
        ByteBuffer bytes = ByteBuffer.allocateDirect(20);
        bytes.put(5, (byte) 42).position(5).limit(16);
        OutgoingMessage.builder().body(bytes.asReadOnlyBuffer()).build().sendTo(toServer);
        assertEquals(5, bytes.position());
        try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox)) {
            assertEquals(11, message.body().remaining());
            assertEquals(42, message.body().get(0));
            assertTrue(message.body().isReadOnly());
            assertEquals(ByteOrder.LITTLE_ENDIAN, message.body().order());
        }
    }

    @Test
    void durationsOfAnyLengthAreUnderstood() throws Exception {
        OutgoingMessage message = OutgoingMessage.builder().build();
        assertThrows(IllegalArgumentException.class, () -> message.trySendTo(toServer, Duration.ofNanos(-1)));
        assertThrows(IllegalArgumentException.class, () -> ReceivedMessage.tryReceiveFrom(inbox, Duration.ofNanos(-1)));
        assertTrue(message.trySendTo(toServer, ChronoUnit.FOREVER.getDuration()));
        ReceivedMessage.tryReceiveFrom(inbox, ChronoUnit.FOREVER.getDuration())
                .orElseThrow()
                .close();
        assertTrue(ReceivedMessage.tryReceiveFrom(inbox, Duration.ofNanos(1)).isEmpty());
        assertTrue(ReceivedMessage.tryReceiveFrom(inbox, Duration.ZERO).isEmpty());
    }

    /** F48, F49: larger than the buffer at first, with another thread after the same messages. */
    @Test
    void largeMessagesArriveWholeWithTwoReceivers() throws Exception {
        inbox.setQueueLimit(1024);
        int count = 200;
        CompletableFuture<Long> other = CompletableFuture.supplyAsync(() -> receiveAll(inbox));
        long sent = 0;
        for (int i = 0; i < count; i++) {
            byte[] body = new byte[i % 3 == 0 ? 100_000 + i : i];
            if (body.length > 0) {
                body[body.length - 1] = (byte) i;
                sent += body.length * 1000L + body[body.length - 1];
            }
            OutgoingMessage.builder().body(body).build().sendTo(toServer);
        }
        OutgoingMessage.builder().id(-1).build().sendTo(toServer);
        OutgoingMessage.builder().id(-1).build().sendTo(toServer);
        assertEquals(sent, receiveAll(inbox) + other.get());
    }

    /** Receives up to a message with the id -1. */
    private static long receiveAll(ReceiveRight port) {
        long sum = 0;
        while (true) {
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(port)) {
                if (message.id() == -1) {
                    return sum;
                }
                ByteBuffer body = message.body();
                int length = body.remaining();
                sum += length == 0 ? 0 : length * 1000L + body.get(length - 1);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

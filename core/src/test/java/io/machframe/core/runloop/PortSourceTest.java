/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.LogCapture;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Port sources: which message is delivered when, and what becomes of replies. r1 to r6 are the facts of that number. */
final class PortSourceTest extends RunLoopFixture {
    private Optional<OutgoingMessage> note(Object what) {
        seen.add(what);
        return Optional.empty();
    }

    @Test
    void r1_allPortsOfAModeAreWaitedForAtOnceWhateverTheSizeOfTheirMessages() throws Exception {
        try (Inbox first = new Inbox();
                Inbox second = new Inbox()) {
            first.send(1);
            OutgoingMessage.builder().id(2).body(new byte[50_000]).build().sendTo(second.right);
            assertEquals(RunResult.TIMED_OUT, run(SHORT));
        }
        assertEquals(Set.of(1, 2), new HashSet<>(seen));
    }

    @Test
    void r2_aPassHandlesOneMessageOfAPort() throws Exception {
        try (Inbox inbox = new Inbox()) {
            for (int i = 1; i <= 3; i++) {
                inbox.send(i);
            }
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
            assertEquals(List.of(1), seen);
            assertEquals(RunResult.TIMED_OUT, run(Duration.ZERO));
            assertEquals(List.of(1, 2), seen);
            assertEquals(RunResult.TIMED_OUT, run(SHORT));
            assertEquals(List.of(1, 2, 3), seen);
        }
    }

    @Test
    void r3_theOrderOfPortSourcesDoesNotFavourAnyOfThem() throws Exception {
        try (ReceiveRight early = Task.self().allocatePort(100);
                ReceiveRight late = Task.self().allocatePort(100);
                SendRight toEarly = early.makeSend();
                SendRight toLate = late.makeSend()) {
            PortSource first = PortSource.of(-5, early, message -> note("early"));
            PortSource last = PortSource.of(5, late, message -> note("late"));
            loop.add(first, MODE);
            loop.add(last, MODE);
            for (int i = 0; i < 20; i++) {
                OutgoingMessage.builder().build().sendTo(toEarly);
                OutgoingMessage.builder().build().sendTo(toLate);
            }
            for (int i = 0; i < 20; i++) {
                loop.runInMode(MODE, LONG, true);
            }
            assertTrue(seen.contains("late"), "a port set gives each its turn: " + seen);
            first.invalidate();
            last.invalidate();
        }
    }

    @Test
    void r5_aReplyThatAHandlerReturnsIsSent() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight right = port.makeSend();
                ReceiveRight replies = Task.self().allocatePort()) {
            PortSource source = PortSource.of(
                    0,
                    port,
                    message -> Optional.of(
                            OutgoingMessage.builder().id(message.id() + 1).build()));
            loop.add(source, MODE);
            OutgoingMessage.builder().id(7).replyOnceTo(replies).build().sendTo(right);
            loop.runInMode(MODE, LONG, true);
            try (ReceivedMessage reply = ReceivedMessage.receiveFrom(replies)) {
                assertEquals(8, reply.id());
            }
            source.invalidate();
        }
    }

    /** Not as CoreFoundation, which blocks the loop on a full queue and loses the rights of a reply that fails. */
    @Test
    void r5_aReplyThatCannotBeSentIsClosedWithItsRightsAndTheLoopGoesOn() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight right = port.makeSend();
                ReceiveRight replies = Task.self().allocatePort(1);
                SendRight full = replies.makeSend()) {
            PortSource source = PortSource.of(
                    0,
                    port,
                    message -> Optional.of(
                            OutgoingMessage.builder().makeSend(replies).build()));
            loop.add(source, MODE);
            OutgoingMessage.builder().build().sendTo(full);
            OutgoingMessage.builder().replyTo(replies).build().sendTo(right);
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
            OutgoingMessage.builder().build().sendTo(right);
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true), "no reply right at all");
            ReceivedMessage.receiveFrom(replies).close();
            assertEquals(0, replies.status().messageCount());
            source.invalidate();
        }
    }

    @Test
    void r5_theRequesterMayBeGone() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight right = port.makeSend();
                LogCapture log = new LogCapture(RunLoop.class)) {
            PortSource source = PortSource.of(
                    0, port, message -> Optional.of(OutgoingMessage.builder().build()));
            loop.add(source, MODE);
            try (ReceiveRight replies = Task.self().allocatePort()) {
                OutgoingMessage.builder().replyOnceTo(replies).build().sendTo(right);
            }
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
            assertEquals(List.of(), log.messages());
            source.invalidate();
        }
    }

    @Test
    void r6_aSourceWithoutAPortIsAcceptedAndNeverPerformed() throws Exception {
        PortSource source = PortSource.withoutPort(0);
        loop.add(source, MODE);
        assertTrue(loop.contains(source, MODE));
        assertEquals(RunResult.TIMED_OUT, run(SHORT), "it keeps the mode from being finished");
        source.invalidate();
        assertFalse(loop.contains(source, MODE));
    }

    @Test
    void aPortHasOneSourceInAMode() throws Exception {
        try (Inbox inbox = new Inbox()) {
            PortSource second = PortSource.of(0, inbox.port, message -> Optional.empty());
            assertThrows(IllegalArgumentException.class, () -> loop.add(second, MODE));
            assertFalse(loop.contains(second, MODE));
            loop.add(inbox.source, OTHER);
            inbox.send(3);
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(OTHER, LONG, true));
            assertEquals(List.of(3), seen);
        }
    }

    @Test
    void aPortMayBeClosedWhileItsSourceIsInALoop() throws Exception {
        try (Inbox inbox = new Inbox()) {
            loop.perform(MODE, inbox.port::close);
            assertEquals(RunResult.TIMED_OUT, run(SHORT));
            assertEquals(RunResult.TIMED_OUT, run(SHORT));
        }
    }

    @Test
    void aSourceAddedOrRemovedByAnotherThreadCountsAtOnce() throws Exception {
        try (Inbox first = new Inbox();
                Inbox second = new Inbox()) {
            loop.remove(second.source, MODE);
            second.send(2);
            CompletableFuture<Void> other = whenAsleep(loop, () -> loop.add(second.source, MODE));
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
            other.get();
            CompletableFuture<Void> another = whenAsleep(loop, () -> {
                loop.remove(first.source, MODE);
                first.send(1);
                loop.stop();
            });
            assertEquals(RunResult.STOPPED, run(LONG));
            another.get();
            assertEquals(List.of(2), seen);
        }
    }

    @Test
    void theBodyOfAMessageIsItsHandlersDuringTheCall() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight right = port.makeSend()) {
            PortSource source =
                    PortSource.of(0, port, message -> note(message.body().getInt(0)));
            loop.add(source, MODE);
            OutgoingMessage.builder()
                    .body(ByteBuffer.wrap(new byte[] {1, 0, 0, 0}))
                    .build()
                    .sendTo(right);
            loop.runInMode(MODE, LONG, true);
            assertEquals(List.of(1), seen);
            source.invalidate();
        }
    }
}

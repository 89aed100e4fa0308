/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import static io.machframe.core.testing.Eventually.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.port.SendRight;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.SignalSource;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and their answers, seen by the requester: p16 to p28 are the facts of that number. */
final class MessagePortRequestTest extends MessagePortFixture {
    private static int queued(LocalMessagePort port) {
        return assertDoesNotThrow(() -> port.port().orElseThrow().status().messageCount());
    }

    @Test
    void p16_aSendOnAnInvalidPortSaysSo() throws Exception {
        local();
        RemoteMessagePort remote = remote();
        remote.close();
        assertEquals(SendResult.INVALID, remote.send(1, bytes(""), LONG));
        assertEquals(
                SendResult.INVALID, remote.request(1, bytes(""), LONG, LONG).result());
        assertEquals(-3, SendResult.INVALID.code());
    }

    @Test
    void p17_aSendToADeadPeerSaysSoAndInvalidates() throws Exception {
        LocalMessagePort port = local();
        RemoteMessagePort remote = remote();
        port.close();
        assertEquals(SendResult.TRANSPORT_ERROR, remote.send(1, bytes(""), LONG));
        assertFalse(remote.isMarkedValid());
        assertEquals(SendResult.INVALID, remote.send(1, bytes(""), LONG));
        assertEquals(-4, SendResult.TRANSPORT_ERROR.code());
    }

    @Test
    void p18_tooManyDataAreRefused(@TempDir Path folder) throws Exception {
        local();
        try (FileChannel file = FileChannel.open(
                folder.resolve("sparse"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer large = file.map(FileChannel.MapMode.READ_WRITE, 0, 0x60000001L);
            assertEquals(SendResult.TRANSPORT_ERROR, remote().send(1, large, LONG));
            assertTrue(remote().isValid());
        }
    }

    @Test
    void p19_aFullQueueEndsTheSendAfterItsTime() throws Exception {
        local();
        RemoteMessagePort remote = remote();
        for (int i = 0; i < 5; i++) {
            assertEquals(SendResult.SUCCESS, remote.send(i, bytes("x"), Duration.ZERO));
        }
        assertEquals(SendResult.SEND_TIMED_OUT, remote.send(5, bytes("x"), Duration.ofNanos(999_999)));
        long start = System.nanoTime();
        assertEquals(
                SendResult.SEND_TIMED_OUT,
                remote.request(5, bytes("x"), SHORT, LONG).result());
        assertTrue(System.nanoTime() - start >= SHORT.toNanos());
        assertEquals(-1, SendResult.SEND_TIMED_OUT.code());
        RunLoop.current().add(local().runLoopSource(0), MODE);
        CompletableFuture<SendResult> waiting = CompletableFuture.supplyAsync(
                () -> assertDoesNotThrow(() -> remote.send(6, bytes("y"), Duration.ofDays(11))));
        RunLoop.current().runInMode(MODE, LONG, true);
        assertEquals(SendResult.SUCCESS, waiting.get());
    }

    @Test
    void p19_aRequestThatWasNotSentLeavesNoRight() throws Exception {
        LocalMessagePort port = local();
        RemoteMessagePort remote = remote();
        for (int i = 0; i < 500; i++) {
            remote.request(i, bytes("x"), Duration.ZERO, Duration.ZERO);
        }
        port.close();
        assertEquals(
                SendResult.TRANSPORT_ERROR,
                remote.request(1, bytes("x"), LONG, LONG).result());
    }

    @Test
    void p20_withoutAReplyModeASendIsDoneWhenTheMessageIsQueued() throws Exception {
        LocalMessagePort port = local();
        assertEquals(SendResult.SUCCESS, remote().send(7, bytes("note"), LONG));
        assertEquals(List.of("retained"), seen);
        RunLoop.current().add(port.runLoopSource(0), MODE);
        RunLoop.current().runInMode(MODE, LONG, true);
        assertEquals(List.of("retained", "received 7 note"), seen);
    }

    @Test
    void p21_theLoopRunsWhileAnAnswerIsWaitedForAndOtherSourcesToo() throws Exception {
        LocalMessagePort port = local();
        RunLoop loop = RunLoop.current();
        loop.add(port.runLoopSource(0), MODE);
        SignalSource other = SignalSource.of(() -> seen.add("other"));
        loop.add(other, MODE);
        other.signal();
        Reply reply = remote().request(1, bytes("hello"), LONG, LONG, MODE);
        assertEquals("hello", text(reply.data()));
        assertEquals(SendResult.SUCCESS, reply.result());
        assertEquals(List.of("retained", "other", "received 1 hello"), seen);
        other.invalidate();
    }

    @Test
    void p21_aCallbackMayMakeRequestsItself() throws Exception {
        RunLoop loop = RunLoop.current();
        LocalMessagePort port = closing(LocalMessagePort.create(name, (self, depth, data) -> {
            seen.add("in " + depth);
            if (depth < 5) {
                Reply inner = assertDoesNotThrow(() -> remote().request(depth + 1, data, LONG, LONG, MODE));
                return Optional.of(bytes(depth + text(inner.data())));
            }
            return Optional.of(bytes("end"));
        }));
        loop.add(port.runLoopSource(0), MODE);
        assertEquals(
                "01234end",
                text(remote().request(0, bytes(""), LONG, LONG, MODE).data()));
        assertEquals(6, seen.size());
    }

    @Test
    void p22_noAnswerIsAnEmptyOne() throws Exception {
        served();
        Reply reply = remote().request(-1, bytes("x"), LONG, LONG);
        assertEquals(SendResult.SUCCESS, reply.result());
        assertEquals(0, reply.data().remaining());
    }

    @Test
    void p23_anAnswerIsCopied() throws Exception {
        ByteBuffer reused = ByteBuffer.allocate(4000);
        LocalMessagePort port = closing(LocalMessagePort.create(name, (self, id, data) -> {
            reused.put(0, (byte) id);
            return Optional.of(reused);
        }));
        port.setExecutor(Runnable::run);
        Reply first = remote().request(1, bytes(""), LONG, LONG);
        Reply second = remote().request(2, bytes(""), LONG, LONG);
        assertEquals(4000, first.data().remaining());
        assertEquals(1, first.data().get(0));
        assertEquals(2, second.data().get(0));
        assertEquals(4000, reused.remaining(), "its position stays");
    }

    /** F110: what takes more than 4000 bytes when filled up goes out of line. */
    @ParameterizedTest
    @ValueSource(ints = {0, 10, 3993, 4000, 4001, 10 << 20})
    void p23_dataOfAnySizeAreAnsweredByLoopsAndExecutors(int size) throws Exception {
        ByteBuffer data = ByteBuffer.allocate(size);
        for (int i = 0; i < size; i++) {
            data.put(i, (byte) (i * 31));
        }
        LocalMessagePort port = closing(LocalMessagePort.create(name, (self, id, sent) -> {
            seen.add(sent.isReadOnly() + " " + sent.remaining());
            return Optional.of(sent);
        }));
        port.setExecutor(Runnable::run);
        assertEquals(data, remote().request(1, data, LONG, LONG).data());
        port.removeExecutor();
        RunLoop.current().add(port.runLoopSource(0), MODE);
        Reply reply = remote().request(1, data, LONG, LONG, MODE);
        assertEquals(data, reply.data());
        assertFalse(reply.data().isReadOnly());
        assertEquals(List.of("true " + size, "true " + size), seen);
    }

    @Test
    void p24_anAnswerThatComesTooLateIsThrownAway() throws Exception {
        LocalMessagePort port = local();
        RemoteMessagePort remote = remote();
        assertEquals(
                SendResult.RECEIVE_TIMED_OUT,
                remote.request(0, ByteBuffer.allocate(50_000), LONG, SHORT).result(),
                "the answer is out of line");
        seen.clear();
        Reply late = remote.request(1, bytes("late"), LONG, SHORT);
        assertEquals(SendResult.RECEIVE_TIMED_OUT, late.result());
        assertEquals(0, late.data().remaining());
        assertEquals(-2, late.result().code());
        RunLoop.current().add(port.runLoopSource(0), MODE);
        assertEquals(
                "next", text(remote.request(2, bytes("next"), LONG, LONG, MODE).data()));
        assertEquals(List.of("received 1 late", "received 2 next"), seen.subList(1, 3));
    }

    @Test
    void p25_aPortThatBecomesInvalidEndsTheWait() throws Exception {
        LocalMessagePort port = local();
        RemoteMessagePort remote = remote();
        CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(
                () -> assertDoesNotThrow(() -> remote.request(1, bytes("x"), LONG, LONG)));
        await("a message in the queue", () -> queued(port) == 1);
        port.close();
        assertEquals(SendResult.BECAME_INVALID, waiting.get().result());
        assertEquals(-5, SendResult.BECAME_INVALID.code());
        assertFalse(remote.isMarkedValid());
    }

    @Test
    void p25_invalidatingFromAnotherThreadEndsTheWaitOfALoopToo() throws Exception {
        local();
        RemoteMessagePort remote = remote();
        RunLoop loop = RunLoop.current();
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            while (!loop.isWaiting()) {
                Thread.onSpinWait();
            }
            remote.invalidate();
        });
        assertEquals(
                SendResult.BECAME_INVALID,
                remote.request(1, bytes("x"), LONG, LONG, MODE).result());
        other.get();
    }

    @Test
    void p26_withoutTimeToAnswerALoopMakesOnePass() throws Exception {
        LocalMessagePort port = local();
        RunLoop.current().add(port.runLoopSource(0), MODE);
        assertEquals(
                SendResult.RECEIVE_TIMED_OUT,
                remote().request(1, bytes("x"), LONG, Duration.ZERO, MODE).result());
        assertEquals(List.of("retained", "received 1 x"), seen);
        assertEquals(
                SendResult.RECEIVE_TIMED_OUT,
                remote().request(1, bytes("x"), LONG, Duration.ZERO).result());
    }

    @Test
    void p27_noDataArriveAsEmptyOnes() throws Exception {
        served();
        try (SendRight right = Bootstrap.lookUp(name, LONG)) {
            WireForm.encodeRequest(3, 1, null, null).sendTo(right);
        }
        await("two requests", () -> seen.size() == 2);
        assertEquals(List.of("retained", "received 3 "), seen);
    }

    @Test
    void p28_dataAreReadOnlyAndLittleEndian() throws Exception {
        LocalMessagePort port = closing(LocalMessagePort.create(name, (self, id, data) -> {
            seen.add(data.isReadOnly() + " " + data.order());
            return Optional.empty();
        }));
        RunLoop.current().add(port.runLoopSource(0), MODE);
        remote().request(1, bytes("x"), LONG, LONG, MODE);
        RunLoop.current().remove(port.runLoopSource(0), MODE);
        port.runLoopSource(0).invalidate();
        port.setExecutor(Runnable::run);
        remote().request(1, bytes("x"), LONG, LONG);
        assertEquals(List.of("true LITTLE_ENDIAN", "true LITTLE_ENDIAN"), seen);
    }

    @Test
    void aPortMayBeInvalidatedDuringASend() throws Exception {
        local();
        RemoteMessagePort remote = remote();
        while (remote.send(1, bytes("x"), Duration.ZERO) == SendResult.SUCCESS) {}
        CompletableFuture<Thread> sender = new CompletableFuture<>();
        CompletableFuture<SendResult> blocked = CompletableFuture.supplyAsync(() -> {
            sender.complete(Thread.currentThread());
            return assertDoesNotThrow(() -> remote.send(2, bytes("y"), Duration.ofSeconds(2)));
        });
        Thread thread = sender.get();
        await("the sender waits in the system", () -> isInSystem(thread));
        remote.close();
        assertEquals(SendResult.SEND_TIMED_OUT, blocked.get(), "a send that waits in the system waits on");
        assertEquals(SendResult.INVALID, remote.send(2, bytes("y"), LONG));
    }

    /** Returns whether a thread is in a system call: Java itself takes such a thread for a running one. */
    private static boolean isInSystem(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0
                && stack[0].isNativeMethod()
                && stack[0].getClassName().startsWith("io.machframe.");
    }

    @Test
    void manyThreadsMayAskByOnePort() throws Exception {
        served();
        RemoteMessagePort remote = remote();
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int base = t * 1000;
            threads.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 250; i++) {
                    String text = "text " + (base + i);
                    Reply reply = assertDoesNotThrow(() -> remote.request(1, bytes(text), LONG, LONG));
                    assertEquals(text, text(reply.data()));
                }
            }));
        }
        for (CompletableFuture<Void> thread : threads) {
            thread.get();
        }
    }
}

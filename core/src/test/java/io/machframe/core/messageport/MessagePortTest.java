/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.runloop.RunResult;
import io.machframe.core.runloop.SignalSource;
import io.machframe.core.testing.LogCapture;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The facts of CFMessagePort, each by its number: p1 to p37; p4 and what needs another process are in the process test. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
final class MessagePortTest {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final RunLoopMode MODE = new RunLoopMode("message port test");
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(30);

    /** How many cycles the leak test makes; the count is 100000. */
    private static final int CYCLES = Integer.getInteger("machframe.test.cycles", 1_000);

    private final String name = "message-port-test-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Listener listener = new Listener("");

    /** Answers with what it was sent, and notes what happens to it. */
    private final class Listener implements MessagePortListener {
        private final String who;

        Listener(String who) {
            this.who = who;
        }

        @Override
        public Optional<ByteBuffer> received(LocalMessagePort port, int id, ByteBuffer data) {
            seen.add(who + "received " + id + " " + text(data));
            return id < 0 ? Optional.empty() : Optional.of(data);
        }

        @Override
        public void retained() {
            seen.add(who + "retained");
        }

        @Override
        public void released() {
            seen.add(who + "released");
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private <T extends AutoCloseable> T closing(T owner) {
        open.add(0, owner);
        return owner;
    }

    private LocalMessagePort local() throws MachException {
        return closing(LocalMessagePort.create(name, listener));
    }

    private RemoteMessagePort remote() throws MachException {
        return closing(RemoteMessagePort.connect(name));
    }

    /** A local port that answers from another thread than this. */
    private LocalMessagePort served() throws MachException {
        LocalMessagePort port = local();
        port.setExecutor(Runnable::run);
        return port;
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(ByteBuffer data) {
        byte[] text = new byte[data.remaining()];
        data.get(data.position(), text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void await(java.util.function.BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static int queued(LocalMessagePort port) {
        return assertDoesNotThrow(() -> port.port().orElseThrow().status().messageCount());
    }

    @Test
    void p1_aNewNameIsTakenFromTheBootstrapServer() throws Exception {
        LocalMessagePort port = local();
        assertEquals(List.of("retained"), seen);
        assertTrue(port.isValid());
        Bootstrap.lookUp(name, LONG).close();
        port.close();
        assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LONG));
    }

    /** What a bootstrap server that lets nobody check in would lead to. */
    @Test
    void p1_aPortOfOurOwnCanBeRegisteredInstead() throws Exception {
        try (Service service = Service.register(name);
                SendRight right = Bootstrap.lookUp(name, LONG)) {
            OutgoingMessage.builder().id(3).build().sendTo(right);
            try (ReceivedMessage message = ReceivedMessage.receiveFrom(service.port())) {
                assertEquals(3, message.id());
            }
        }
        assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LONG));
    }

    @Test
    void p2_theSameNameGivesTheSameObjectWithItsFirstListener() throws Exception {
        LocalMessagePort first = local();
        LocalMessagePort second = LocalMessagePort.create(name, new Listener("second "));
        assertSame(first, second);
        assertSame(listener, second.listener().orElseThrow());
        assertEquals(List.of("retained"), seen);
    }

    @Test
    void p3_aNameWhosePortDiedIsRefusedOnceAndThenTakenAnew() throws Exception {
        LocalMessagePort first = local();
        first.port().orElseThrow().close();
        assertThrows(PortClosedException.class, () -> LocalMessagePort.create(name, new Listener("second ")));
        assertFalse(first.isMarkedValid());
        assertNotSame(first, local());
        assertEquals(List.of("retained", "released", "retained"), seen);
    }

    @Test
    void p5_aPortWithoutANameIsValidAndDoesNothing() throws Exception {
        LocalMessagePort port = closing(LocalMessagePort.createUnnamed(listener));
        assertTrue(port.isValid());
        assertEquals(Optional.empty(), port.name());
        try (LogCapture log = new LogCapture(LocalMessagePort.class)) {
            PortSource source = port.runLoopSource(0);
            assertEquals(1, log.messages().size());
            assertEquals(Optional.empty(), source.port());
            RunLoop.current().add(source, MODE);
            assertTrue(port.setName(name));
            assertSame(RunResult.FINISHED, RunLoop.current().runInMode(MODE, SHORT, false), "that source is of no use");
        }
        RunLoop.current().add(port.runLoopSource(0), MODE);
        assertEquals(SendResult.SUCCESS, remote().send(3, bytes("late"), LONG));
        RunLoop.current().runInMode(MODE, LONG, true);
        assertEquals(List.of("retained", "received 3 late"), seen);
    }

    @Test
    void p6_aNameWithAZeroIsNone() throws Exception {
        String zero = name + "\0tail";
        LocalMessagePort port = closing(LocalMessagePort.create(zero, listener));
        assertTrue(port.isValid());
        assertEquals(Optional.empty(), port.name());
        assertThrows(IllegalArgumentException.class, () -> RemoteMessagePort.connect(zero));
        assertFalse(port.setName(zero));
        assertThrows(IllegalArgumentException.class, () -> LocalMessagePort.create("", listener));
    }

    @Test
    void p7_aLongNameIsCutWhereACharacterEnds() throws Exception {
        String wide = name + "-" + "\u20ac".repeat(60);
        LocalMessagePort port = closing(LocalMessagePort.create(wide, listener));
        String cut = port.name().orElseThrow();
        int size = cut.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(size > 125 && size <= 128, "it has " + size + " bytes");
        assertTrue(wide.startsWith(cut));
        assertSame(port, LocalMessagePort.create(cut, listener));
        port.setExecutor(Runnable::run);
        RemoteMessagePort remote = closing(RemoteMessagePort.connect(wide + "whatever"));
        assertEquals(cut, remote.name().orElseThrow());
        assertTrue(remote.request(1, bytes("x"), LONG, LONG).isSuccess());

        String ascii = (name + "-" + "a".repeat(200)).substring(0, 128);
        LocalMessagePort whole = closing(LocalMessagePort.create(ascii + "bcd", listener));
        assertEquals(ascii, whole.name().orElseThrow());
    }

    @Test
    void p8_aNameThatNobodyServesIsRefused() {
        assertThrows(UnknownServiceException.class, () -> RemoteMessagePort.connect(name));
    }

    @Test
    void p9_aProcessHasOneRemotePortOfAName() throws Exception {
        LocalMessagePort port = local();
        RemoteMessagePort first = remote();
        assertSame(first, RemoteMessagePort.connect(name));
        port.close();
        LocalMessagePort next = closing(LocalMessagePort.create(name, listener));
        assertThrows(DeadPortException.class, () -> RemoteMessagePort.connect(name));
        assertNotSame(first, remote());
        assertTrue(next.isValid());
    }

    /** That a right is dead already shows when it is looked up: nobody serves the name. */
    @Test
    void p10_aPortThatDiedIsNotFound() throws Exception {
        local().close();
        assertThrows(UnknownServiceException.class, () -> RemoteMessagePort.connect(name));
    }

    @Test
    void p11_aPortOfTheSameProcessCanBeAsked() throws Exception {
        LocalMessagePort port = served();
        RemoteMessagePort remote = remote();
        assertEquals("hello", text(remote.request(1, bytes("hello"), LONG, LONG).data()));
        CountDownLatch told = new CountDownLatch(1);
        remote.setInvalidationListenerOn(Runnable::run, self -> told.countDown());
        port.close();
        assertTrue(told.await(50, TimeUnit.SECONDS));
    }

    /** Not as CoreFoundation, where the two share what is inside. */
    @Test
    void p11_invalidatingTheRemotePortLeavesTheLocalOne() throws Exception {
        LocalMessagePort port = served();
        remote().close();
        assertTrue(port.isValid());
        assertTrue(remote().request(1, bytes("x"), LONG, LONG).isSuccess());
    }

    @Test
    void p12_aPortKnowsItsKindAndName() throws Exception {
        assertFalse(local().isRemote());
        assertTrue(remote().isRemote());
        assertEquals(Optional.of(name), remote().name());
        assertEquals(Optional.of(name), local().name());
    }

    /** A remote port has no {@code setName} to call: what p13 says is a matter of types here. */
    @Test
    void p14_aNameInThisProcessIsRefused() throws Exception {
        LocalMessagePort port = local();
        LocalMessagePort other = closing(LocalMessagePort.create(name + "-other", listener));
        assertFalse(port.setName(name), "its own");
        assertFalse(port.setName(name + "-other"));
        assertEquals(Optional.of(name), port.name());
        assertTrue(other.isValid());
    }

    @Test
    void p15_aNewNameIsServedAndTheOldOneDies() throws Exception {
        LocalMessagePort port = local();
        PortSource source = port.runLoopSource(0);
        RemoteMessagePort old = remote();
        assertTrue(port.setName(name + "-new"));
        assertEquals(Optional.of(name + "-new"), port.name());
        assertFalse(source.isValid());
        assertFalse(old.isValid());
        assertThrows(UnknownServiceException.class, () -> RemoteMessagePort.connect(name));
        RunLoop.current().add(port.runLoopSource(0), MODE);
        RemoteMessagePort renamed = closing(RemoteMessagePort.connect(name + "-new"));
        assertEquals(SendResult.SUCCESS, renamed.send(4, bytes("x"), LONG));
        RunLoop.current().runInMode(MODE, LONG, true);
        assertEquals(List.of("retained", "received 4 x"), seen);
        assertTrue(port.setName(name), "the old name is free");
    }

    @Test
    void p15_deliveriesOnAnExecutorGoOnUnderTheNewName() throws Exception {
        LocalMessagePort port = served();
        assertTrue(port.setName(name + "-new"));
        RemoteMessagePort renamed = closing(RemoteMessagePort.connect(name + "-new"));
        assertEquals("x", text(renamed.request(4, bytes("x"), LONG, LONG).data()));
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
        await(() -> queued(port) == 1);
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
        await(() -> seen.size() == 2);
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
    void p29_aMalformedMessageIsDestroyedAndLoggedOnce() throws Exception {
        LocalMessagePort port = local();
        RunLoop.current().add(port.runLoopSource(0), MODE);
        try (LogCapture log = new LogCapture(LocalMessagePort.class);
                SendRight raw = Bootstrap.lookUp(name, LONG);
                ReceiveRight carried = io.machframe.core.port.Task.self().allocatePort()) {
            for (int i = 0; i < 3; i++) {
                OutgoingMessage.builder()
                        .makeSend(carried)
                        .body(new byte[100])
                        .build()
                        .sendTo(raw);
                RunLoop.current().runInMode(MODE, LONG, true);
            }
            assertEquals(1, log.messages().size(), log.messages().toString());
            assertTrue(log.messages().get(0).contains(name), log.messages().toString());
            assertFalse(carried.status().hasSendRights());
        }
        assertEquals(List.of("retained"), seen);
        assertTrue(port.isValid());
    }

    @Test
    void p30_invalidationComesInOrder() throws Exception {
        LocalMessagePort port = local();
        PortSource source = port.runLoopSource(0);
        port.setInvalidationListener(self -> seen.add("invalidated: valid " + self.isValid() + ", listener "
                + port.listener().isPresent() + ", source " + source.isValid() + ", port "
                + port.port().orElseThrow().isOpen() + ", same name "
                + assertDoesNotThrow(() -> port.setName(name))));
        port.invalidate();
        assertEquals(
                List.of(
                        "retained",
                        "invalidated: valid false, listener false, source true, port true, same name false",
                        "released"),
                seen);
        assertFalse(source.isValid());
        assertFalse(port.port().orElseThrow().isOpen());
    }

    @Test
    void p31_aSecondInvalidationDoesNothing() throws Exception {
        LocalMessagePort port = local();
        port.setInvalidationListener(self -> {
            seen.add("invalidated");
            self.invalidate();
        });
        port.invalidate();
        port.invalidate();
        port.close();
        assertEquals(List.of("retained", "invalidated", "released"), seen);
    }

    @Test
    void p32_aLocalPortThatIsInvalidatedIsGoneForAll() throws Exception {
        LocalMessagePort port = local();
        RemoteMessagePort remote = remote();
        port.invalidate();
        assertFalse(remote.isValid());
        assertThrows(UnknownServiceException.class, () -> Bootstrap.lookUp(name, LONG));
    }

    @Test
    void p33_whoAsksTooLateIsToldAtOnce() throws Exception {
        LocalMessagePort port = local();
        port.close();
        port.setInvalidationListener(self -> seen.add("told " + port.listener().isPresent()));
        assertEquals(List.of("retained", "released", "told false"), seen);
        assertTrue(port.invalidationListener().isPresent());
        port.removeInvalidationListener();
        assertEquals(Optional.empty(), port.invalidationListener());
    }

    @Test
    void p34_askingWhetherAPortIsValidFindsItsDeath() throws Exception {
        LocalMessagePort port = local();
        RemoteMessagePort remote = remote();
        remote.setInvalidationListener(self -> seen.add("remote told"));
        port.close();
        assertFalse(remote.isValid());
        assertEquals(List.of("retained", "released", "remote told"), seen);
    }

    @Test
    void p34_theMainLoopTellsOfADeathThatNobodyAsksFor() throws Exception {
        assertSame(RunLoop.main(), RunLoop.current(), "these tests run on the main thread");
        LocalMessagePort port = local();
        remote().setInvalidationListener(self -> seen.add("remote told"));
        port.close();
        while (!seen.contains("remote told")) {
            RunLoop.main().runInMode(RunLoopMode.DEFAULT, Duration.ofMillis(1), false);
        }
    }

    @Test
    void p35_aSourceIsMadeOnceAndNotForAPortThatCannotUseIt() throws Exception {
        LocalMessagePort port = local();
        PortSource source = port.runLoopSource(4);
        assertSame(source, port.runLoopSource(0));
        assertEquals(4, source.order());
        source.invalidate();
        assertNotSame(source, port.runLoopSource(0));
        port.runLoopSource(0).invalidate();
        port.setExecutor(Runnable::run);
        assertThrows(IllegalStateException.class, () -> port.runLoopSource(0));
        port.close();
        assertThrows(PortClosedException.class, () -> port.runLoopSource(0));
    }

    @Test
    void p36_requestsComeOnTheExecutor() throws Exception {
        LinkedBlockingQueue<Runnable> first = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<Runnable> second = new LinkedBlockingQueue<>();
        LocalMessagePort port = local();
        port.setExecutor(first::add);
        RemoteMessagePort remote = remote();
        remote.send(1, bytes("one"), LONG);
        first.take().run();
        assertEquals(List.of("retained", "received 1 one"), seen);
        port.setExecutor(second::add);
        remote.send(2, bytes("two"), LONG);
        second.take().run();
        assertEquals("received 2 two", seen.get(2));
        port.removeExecutor();
        remote.send(3, bytes("three"), LONG);
        RunLoop.current().add(port.runLoopSource(0), MODE);
        RunLoop.current().runInMode(MODE, LONG, true);
        assertEquals("received 3 three", seen.get(3));
        assertTrue(first.isEmpty() && second.isEmpty());
    }

    @Test
    void p36_anExecutorIsRefusedWhereItIsOfNoUse() throws Exception {
        try (LogCapture log = new LogCapture(LocalMessagePort.class)) {
            LocalMessagePort port = local();
            port.runLoopSource(0);
            port.setExecutor(Runnable::run);
            assertTrue(
                    log.messages().get(0).contains("it has a run loop source"),
                    log.messages().toString());
            port.close();
            port.setExecutor(Runnable::run);
            assertTrue(
                    log.messages().get(1).contains("it is not valid"),
                    log.messages().toString());
            closing(LocalMessagePort.createUnnamed(listener)).setExecutor(Runnable::run);
            assertTrue(
                    log.messages().get(2).contains("it has no name"),
                    log.messages().toString());
        }
    }

    @Test
    void p36_aSlowListenerHoldsUpThoseWhoSend() throws Exception {
        LinkedBlockingQueue<Runnable> executor = new LinkedBlockingQueue<>();
        LocalMessagePort port = local();
        port.setExecutor(executor::add);
        RemoteMessagePort remote = remote();
        int sent = 0;
        while (remote.send(sent, bytes("x"), SHORT) == SendResult.SUCCESS) {
            sent++;
        }
        assertEquals(10, sent, "five are on their way to the executor and five in the queue");
        for (int i = 0; i <= sent; i++) {
            if (i == 0) {
                assertEquals(1, executor.size(), "one is delivered at a time");
                executor.take().run();
                remote.send(sent, bytes("x"), LONG);
            } else {
                executor.take().run();
            }
        }
        List<String> expected = new ArrayList<>(List.of("retained"));
        for (int i = 0; i <= sent; i++) {
            expected.add("received " + i + " x");
        }
        assertEquals(expected, seen);
    }

    @Test
    void p36_anExecutorThatRefusesCostsItsRequestsTheirAnswers() throws Exception {
        try (LogCapture log = new LogCapture(LocalMessagePort.class)) {
            LocalMessagePort port = local();
            port.setExecutor(action -> {
                throw new java.util.concurrent.RejectedExecutionException();
            });
            assertEquals(
                    SendResult.RECEIVE_TIMED_OUT,
                    remote().request(1, bytes("x"), LONG, SHORT).result());
            await(() -> !log.messages().isEmpty());
            port.setExecutor(Runnable::run);
            assertTrue(remote().request(1, bytes("x"), LONG, LONG).isSuccess());
            assertEquals(1, log.messages().size());
        }
    }

    @Test
    void p37_aListenerThatWasNotTakenIsNeitherRetainedNorReleased() throws Exception {
        local();
        Listener second = new Listener("second ");
        assertNotSame(second, LocalMessagePort.create(name, second).listener().orElseThrow());
        local().close();
        assertEquals(List.of("retained", "released"), seen);
    }

    @Test
    void aListenerThatThrowsIsLoggedAndTheRequestGetsNoAnswer() throws Exception {
        LocalMessagePort port = closing(LocalMessagePort.create(name, (self, id, data) -> {
            if (id == 0) {
                throw new IllegalStateException("thrown by a test");
            }
            return Optional.of(data);
        }));
        try (LogCapture log = new LogCapture(LocalMessagePort.class)) {
            port.setExecutor(Runnable::run);
            assertEquals(
                    SendResult.RECEIVE_TIMED_OUT,
                    remote().request(0, bytes("x"), LONG, SHORT).result());
            assertTrue(remote().request(1, bytes("x"), LONG, LONG).isSuccess());
            assertEquals(1, log.messages().size());
        }
    }

    @Test
    void aPortMayBeInvalidatedInItsCallback() throws Exception {
        LocalMessagePort port = closing(LocalMessagePort.create(name, (self, id, data) -> {
            self.close();
            return Optional.of(bytes("last words"));
        }));
        RunLoop.current().add(port.runLoopSource(0), MODE);
        Reply reply = remote().request(1, bytes("x"), LONG, LONG, MODE);
        assertEquals("last words", text(reply.data()));
        assertFalse(port.isValid());
    }

    @Test
    void aPortMayBeInvalidatedDuringASend() throws Exception {
        local();
        RemoteMessagePort remote = remote();
        while (remote.send(1, bytes("x"), Duration.ZERO) == SendResult.SUCCESS) {}
        CompletableFuture<SendResult> blocked = CompletableFuture.supplyAsync(
                () -> assertDoesNotThrow(() -> remote.send(2, bytes("y"), Duration.ofMillis(200))));
        TimeUnit.MILLISECONDS.sleep(20);
        remote.close();
        assertEquals(SendResult.SEND_TIMED_OUT, blocked.get(), "a send that waits in the system waits on");
        assertEquals(SendResult.INVALID, remote.send(2, bytes("y"), LONG));
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

    /** {@code -Dmachframe.test.cycles} sets how many. */
    @Test
    @Timeout(900)
    void manyPortsThatAreMadeAndInvalidatedLeaveNothing() throws Exception {
        for (int i = 0; i < CYCLES; i++) {
            try (LocalMessagePort port = LocalMessagePort.create(name, (self, id, data) -> Optional.of(data));
                    RemoteMessagePort remote = RemoteMessagePort.connect(name)) {
                if (i % 2 == 0) {
                    RunLoop.current().add(port.runLoopSource(0), MODE);
                    assertTrue(remote.request(1, bytes("x"), LONG, LONG, MODE).isSuccess());
                } else {
                    port.setExecutor(Runnable::run);
                    assertTrue(remote.request(1, bytes("x"), LONG, LONG).isSuccess());
                }
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.InterruptedCallException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.LogCapture;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The rules of CFRunLoop. A method whose name begins with r1 to r6 shows the fact of that number. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
final class RunLoopTest {
    private static final RunLoopMode MODE = new RunLoopMode("test");
    private static final RunLoopMode OTHER = new RunLoopMode("other");
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final RunLoop loop = RunLoop.current();
    private final List<Object> seen = Collections.synchronizedList(new ArrayList<>());

    /** A port with a source in {@link #MODE} that notes the ids of its messages. */
    private final class Inbox implements AutoCloseable {
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

    private interface Action {
        void run() throws Exception;
    }

    /** Does something on another thread as soon as the loop sleeps. */
    private CompletableFuture<Void> whenAsleep(RunLoop asleep, Action action) {
        return CompletableFuture.runAsync(() -> {
            while (!asleep.isWaiting()) {
                Thread.onSpinWait();
            }
            assertDoesNotThrow(action::run);
        });
    }

    private RunResult run(Duration limit) throws Exception {
        return loop.runInMode(MODE, limit, false);
    }

    @Test
    void everyThreadHasItsOwnLoop() throws Exception {
        assertSame(loop, RunLoop.current());
        RunLoop other = CompletableFuture.supplyAsync(RunLoop::current).get();
        assertFalse(loop == other);
        assertThrows(IllegalStateException.class, () -> other.runInMode(MODE, SHORT, false));
    }

    @Test
    void theMainLoopIsThatOfTheMainThread() throws Exception {
        assertEquals("main", Thread.currentThread().getName()); // as Surefire has it
        assertSame(RunLoop.main(), RunLoop.current());
        assertSame(RunLoop.main(), CompletableFuture.supplyAsync(RunLoop::main).get());
    }

    @Test
    void aThreadThatIsOnlyCalledMainHasALoopOfItsOwn() throws Exception {
        assertSame(RunLoop.main(), RunLoop.current());
        CompletableFuture<RunLoop> loop = new CompletableFuture<>();
        new Thread(() -> loop.complete(RunLoop.current()), "main").start();
        assertNotSame(RunLoop.main(), loop.get());
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

    private Optional<OutgoingMessage> note(Object what) {
        seen.add(what);
        return Optional.empty();
    }

    @Test
    void r4_aRunSaysWhyItEnded() throws Exception {
        assertEquals(RunResult.FINISHED, run(LONG), "nothing in the mode");
        try (Inbox inbox = new Inbox()) {
            assertEquals(RunResult.TIMED_OUT, run(SHORT));
            loop.perform(MODE, loop::stop);
            assertEquals(RunResult.STOPPED, run(LONG));
            inbox.send(1);
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
            inbox.source.invalidate();
            assertEquals(RunResult.FINISHED, run(LONG));
        }
        assertEquals(
                List.of(1, 2, 3, 4),
                List.of(RunResult.values()).stream().map(RunResult::code).toList());
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
    void r5_whoAskedMayBeGone() throws Exception {
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
    void observersAreToldOfEachActivityInOrder() throws Exception {
        try (Inbox inbox = new Inbox()) {
            RunLoopObserver observer =
                    RunLoopObserver.of(EnumSet.allOf(Activity.class), (self, activity) -> seen.add(activity));
            loop.add(observer, MODE);
            CompletableFuture<Void> sender = whenAsleep(loop, () -> inbox.send(5));
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
            sender.get();
            observer.invalidate();
        }
        assertEquals(
                List.of(
                        Activity.ENTRY,
                        Activity.BEFORE_TIMERS,
                        Activity.BEFORE_SOURCES,
                        Activity.BEFORE_WAITING,
                        Activity.AFTER_WAITING,
                        5,
                        Activity.EXIT),
                seen);
        assertEquals(
                List.of(1, 2, 4, 32, 64, 128),
                List.of(Activity.values()).stream().map(Activity::bit).toList());
    }

    @Test
    void observersAreToldInTheOrderOfTheirNumbersAndAge() throws Exception {
        List<RunLoopObserver> observers = new ArrayList<>();
        long[] orders = {3, -1, 3, 0};
        for (int i = 0; i < orders.length; i++) {
            int which = i;
            observers.add(
                    RunLoopObserver.of(Set.of(Activity.ENTRY), true, orders[i], (self, activity) -> seen.add(which)));
        }
        Collections.reverse(observers);
        for (RunLoopObserver observer : observers) {
            loop.add(observer, MODE);
        }
        loop.perform(MODE, () -> {});
        run(Duration.ZERO);
        assertEquals(List.of(1, 3, 0, 2), seen);
        observers.forEach(RunLoopItem::invalidate);
    }

    @Test
    void anObserverThatDoesNotRepeatIsToldOnceAndInvalidAfterwards() throws Exception {
        RunLoopObserver once = RunLoopObserver.of(Set.of(Activity.ENTRY), false, 0, (self, activity) -> {
            seen.add(self.isValid());
        });
        loop.add(once, MODE);
        for (int i = 0; i < 3; i++) {
            loop.perform(MODE, () -> {});
            run(Duration.ZERO);
        }
        assertEquals(List.of(true), seen);
        assertFalse(once.isValid());
        assertThrows(IllegalArgumentException.class, () -> RunLoopObserver.of(Set.of(), (self, activity) -> {}));
    }

    @Test
    void anObserverThatIsRemovedByAnEarlierOneIsNotifiedForTheLastTime() throws Exception {
        RunLoopObserver second = RunLoopObserver.of(Set.of(Activity.ENTRY), true, 2, (self, activity) -> seen.add(2));
        RunLoopObserver first = RunLoopObserver.of(Set.of(Activity.ENTRY), true, 1, (self, activity) -> {
            loop.remove(second, MODE);
        });
        loop.add(first, MODE);
        loop.add(second, MODE);
        for (int i = 0; i < 2; i++) {
            loop.perform(MODE, () -> {});
            run(Duration.ZERO);
        }
        assertEquals(List.of(2), seen);
        assertTrue(second.isValid());
        first.invalidate();
    }

    @Test
    void anObserverThatIsInvalidatedByAnEarlierOneIsNotNotified() throws Exception {
        RunLoopObserver second = RunLoopObserver.of(Set.of(Activity.ENTRY), true, 2, (self, activity) -> seen.add(2));
        RunLoopObserver first =
                RunLoopObserver.of(Set.of(Activity.ENTRY), true, 1, (self, activity) -> second.invalidate());
        loop.add(first, MODE);
        loop.add(second, MODE);
        loop.perform(MODE, () -> {});
        run(Duration.ZERO);
        assertEquals(List.of(), seen);
        first.invalidate();
    }

    @Test
    void anIdleLoopMakesNoPass() throws Exception {
        try (Inbox inbox = new Inbox()) {
            RunLoopObserver observer =
                    RunLoopObserver.of(Set.of(Activity.BEFORE_TIMERS), (self, activity) -> seen.add(activity));
            loop.add(observer, MODE);
            assertEquals(RunResult.TIMED_OUT, run(Duration.ofMillis(300)));
            assertEquals(1, seen.size());
            observer.invalidate();
        }
    }

    @Test
    void aSignalledSourceIsPerformedOnceInTheNextPass() throws Exception {
        SignalSource source = SignalSource.of(() -> seen.add("performed"));
        loop.add(source, MODE);
        source.signal();
        source.signal();
        assertTrue(source.isSignalled());
        assertEquals(RunResult.TIMED_OUT, run(Duration.ZERO));
        assertFalse(source.isSignalled());
        assertEquals(RunResult.TIMED_OUT, run(Duration.ZERO));
        assertEquals(List.of("performed"), seen);
        source.invalidate();
    }

    @Test
    void signalledSourcesArePerformedInTheOrderOfTheirNumbers() throws Exception {
        List<SignalSource> sources = new ArrayList<>();
        for (int order : new int[] {2, -7, 2, 0}) {
            sources.add(SignalSource.of(order, () -> seen.add(order)));
        }
        Collections.reverse(sources);
        for (SignalSource source : sources) {
            loop.add(source, MODE);
            source.signal();
        }
        run(Duration.ZERO);
        assertEquals(List.of(-7, 0, 2, 2), seen);
        sources.forEach(RunLoopItem::invalidate);
    }

    @Test
    void aRunUntilASourceIsHandledPerformsOneSignalledSource() throws Exception {
        SignalSource first = SignalSource.of(1, () -> seen.add(1));
        SignalSource second = SignalSource.of(2, () -> seen.add(2));
        for (SignalSource source : List.of(first, second)) {
            loop.add(source, MODE);
            source.signal();
        }
        assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
        assertEquals(List.of(1), seen);
        assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
        assertEquals(List.of(1, 2), seen);
        first.invalidate();
        second.invalidate();
    }

    @Test
    void aSourceThatWasSignalledBeforeItWasAddedIsPerformed() throws Exception {
        SignalSource source = SignalSource.of(() -> seen.add(1));
        source.signal();
        loop.add(source, MODE);
        run(Duration.ZERO);
        assertEquals(List.of(1), seen);
        source.invalidate();
        source.signal();
        assertFalse(source.isSignalled());
    }

    @Test
    void aSignalFromAnotherThreadNeedsAWakeUp() throws Exception {
        SignalSource source = SignalSource.of(() -> seen.add(1));
        loop.add(source, MODE);
        CompletableFuture<Void> other = whenAsleep(loop, () -> {
            source.signal();
            loop.wakeUp();
        });
        assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
        other.get();
        assertEquals(List.of(1), seen);
        source.invalidate();
    }

    @Test
    void aSignalSourceIsToldWhereItIsAddedAndRemoved() throws Exception {
        loop.addCommonMode(OTHER);
        SignalSource source = SignalSource.of(0, new SignalSource.Handler() {
            @Override
            public void perform() {}

            @Override
            public void scheduled(RunLoop in, RunLoopMode mode) {
                seen.add("scheduled " + mode + " " + (in == loop));
            }

            @Override
            public void cancelled(RunLoop in, RunLoopMode mode) {
                seen.add("cancelled " + mode + " " + (in == loop));
            }
        });
        loop.add(source, MODE);
        loop.add(source, MODE);
        loop.remove(source, MODE);
        loop.add(source, RunLoopMode.COMMON);
        source.invalidate();
        assertEquals(List.of("scheduled test true", "cancelled test true"), seen.subList(0, 2));
        for (String mode : List.of("kCFRunLoopDefaultMode", "other")) {
            int scheduled = seen.indexOf("scheduled " + mode + " true");
            assertTrue(scheduled > 1 && scheduled < seen.indexOf("cancelled " + mode + " true"), seen.toString());
        }
    }

    @Test
    void whatIsInTheCommonModesIsInEachOfThem() throws Exception {
        RunLoopMode late = new RunLoopMode("late");
        SignalSource source = SignalSource.of(() -> seen.add(1));
        loop.add(source, RunLoopMode.COMMON);
        assertTrue(loop.contains(source, RunLoopMode.COMMON));
        assertTrue(loop.contains(source, RunLoopMode.DEFAULT));
        assertFalse(loop.contains(source, late));
        loop.addCommonMode(late);
        assertTrue(loop.contains(source, late));
        source.signal();
        assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(late, LONG, true));
        loop.remove(source, RunLoopMode.COMMON);
        assertFalse(loop.contains(source, late));
        assertTrue(loop.modes().contains(late));
        assertThrows(IllegalArgumentException.class, () -> loop.runInMode(RunLoopMode.COMMON, LONG, false));
        assertThrows(IllegalArgumentException.class, () -> loop.addCommonMode(RunLoopMode.COMMON));
    }

    @Test
    void whatIsInOneModeDoesNothingInAnother() throws Exception {
        try (Inbox inbox = new Inbox()) {
            SignalSource source = SignalSource.of(() -> seen.add("other"));
            loop.add(source, OTHER);
            inbox.send(1);
            assertEquals(RunResult.TIMED_OUT, loop.runInMode(OTHER, SHORT, false));
            assertEquals(List.of(), seen);
            source.invalidate();
        }
    }

    @Test
    void aTimerFiresOnceAndNeverEarly() throws Exception {
        long start = System.nanoTime();
        RunLoopTimer timer = RunLoopTimer.after(Duration.ofMillis(30), self -> {
            seen.add(System.nanoTime() - start);
            seen.add(self.isValid());
        });
        loop.add(timer, MODE);
        assertEquals(Optional.of(timer.nextFireDate()), loop.nextTimerFireDate(MODE));
        assertEquals(RunResult.FINISHED, run(LONG));
        assertTrue((long) seen.get(0) >= 30_000_000, "fired after " + seen.get(0) + " ns");
        assertEquals(true, seen.get(1), "it is valid in its callback");
        assertEquals(2, seen.size());
        assertFalse(timer.isValid());
        assertFalse(timer.repeats());
        assertEquals(Optional.empty(), loop.nextTimerFireDate(MODE));
    }

    @Test
    void timersFireInTheOrderOfTheirTimes() throws Exception {
        Instant now = Instant.now();
        for (int delay : new int[] {9, 3, 6}) {
            loop.add(RunLoopTimer.of(now.plusMillis(delay), Duration.ZERO, -delay, self -> seen.add(delay)), MODE);
        }
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(List.of(3, 6, 9), seen);
    }

    @Test
    void aRepeatingTimerKeepsToItsTimesAndLeavesOutThoseItMissed() throws Exception {
        Duration interval = Duration.ofMillis(10);
        Instant first = Instant.now().plusMillis(10);
        RunLoopTimer timer = RunLoopTimer.of(first, interval, 0, self -> {
            seen.add(self.nextFireDate());
            if (seen.size() == 1) {
                sleep(45);
            } else if (seen.size() == 4) {
                self.invalidate();
            }
        });
        loop.add(timer, MODE);
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(first, seen.get(0));
        for (Object each : seen) {
            assertEquals(0, Duration.between(first, (Instant) each).toNanos() % interval.toNanos());
        }
        long missed = Duration.between(first, (Instant) seen.get(1)).dividedBy(interval);
        assertTrue(missed >= 5, "after 45 ms in a callback the next time was " + missed + " intervals on");
    }

    private static void sleep(long millis) {
        assertDoesNotThrow(() -> TimeUnit.MILLISECONDS.sleep(millis));
    }

    @Test
    void aTimerCanBeInvalidatedInItsCallback() throws Exception {
        RunLoopTimer timer = RunLoopTimer.every(Duration.ofMillis(1), self -> {
            seen.add(1);
            self.invalidate();
        });
        loop.add(timer, MODE);
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(1, seen.size());
    }

    @Test
    void aTimerIsNotFiredWithinItsOwnCallback() throws Exception {
        RunLoopTimer timer = RunLoopTimer.every(Duration.ofMillis(1), self -> {
            seen.add("in");
            assertDoesNotThrow(() -> assertEquals(RunResult.TIMED_OUT, run(SHORT)));
            seen.add("out");
            if (seen.size() == 4) {
                self.invalidate();
            }
        });
        loop.add(timer, MODE);
        loop.add(timer, OTHER);
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(List.of("in", "out", "in", "out"), seen);
    }

    @Test
    void theNextFiringCanBeMovedFromWithinTheCallback() throws Exception {
        Instant moved = Instant.now().plusMillis(60);
        RunLoopTimer timer = RunLoopTimer.every(Duration.ofMillis(5), self -> {
            seen.add(self.nextFireDate());
            if (seen.size() == 1) {
                self.setNextFireDate(moved);
            } else {
                self.invalidate();
            }
        });
        loop.add(timer, MODE);
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(moved, seen.get(1));
    }

    @Test
    void movingATimerFromAnotherThreadWakesTheLoop() throws Exception {
        RunLoopTimer timer = RunLoopTimer.after(Duration.ofDays(100), self -> seen.add(1));
        loop.add(timer, MODE);
        CompletableFuture<Void> other = whenAsleep(loop, () -> timer.setNextFireDate(Instant.now()));
        assertEquals(RunResult.FINISHED, run(LONG));
        other.get();
        assertEquals(List.of(1), seen);
    }

    @Test
    void aTimerAddedByAnotherThreadWakesTheLoop() throws Exception {
        try (Inbox inbox = new Inbox()) {
            CompletableFuture<Void> other =
                    whenAsleep(loop, () -> loop.add(RunLoopTimer.after(Duration.ZERO, self -> loop.stop()), MODE));
            assertEquals(RunResult.STOPPED, run(LONG));
            other.get();
        }
    }

    @Test
    void timersWithToleranceShareAWakeUp() throws Exception {
        Instant now = Instant.now();
        RunLoopTimer tolerant = RunLoopTimer.of(now.plusMillis(30), Duration.ZERO, 0, self -> seen.add("tolerant"));
        tolerant.setTolerance(Duration.ofSeconds(20));
        RunLoopTimer exact = RunLoopTimer.of(now.plusMillis(60), Duration.ZERO, 0, self -> seen.add("exact"));
        RunLoopObserver observer =
                RunLoopObserver.of(Set.of(Activity.AFTER_WAITING), (self, activity) -> seen.add("awake"));
        for (RunLoopItem item : List.of(tolerant, exact, observer)) {
            loop.add(item, MODE);
        }
        assertEquals(RunResult.FINISHED, run(LONG));
        assertEquals(List.of("awake", "tolerant", "exact"), seen);
        observer.invalidate();
    }

    @Test
    void aToleranceIsAtMostHalfTheInterval() {
        RunLoopTimer timer = RunLoopTimer.every(Duration.ofMillis(10), self -> {});
        timer.setTolerance(Duration.ofMillis(8));
        assertEquals(Duration.ofMillis(5), timer.tolerance());
        timer.setTolerance(Duration.ofMillis(-8));
        assertEquals(Duration.ZERO, timer.tolerance());
        timer.setTolerance(Duration.ofSeconds(Long.MAX_VALUE));
        assertEquals(Duration.ofMillis(5), timer.tolerance());
        assertEquals(Duration.ofMillis(10), timer.interval());
        assertThrows(IllegalArgumentException.class, () -> RunLoopTimer.every(Duration.ZERO, self -> {}));
        assertThrows(IllegalArgumentException.class, () -> RunLoopTimer.every(Duration.ofMillis(-1), self -> {}));
    }

    @Test
    void aTimerBelongsToOneLoop() throws Exception {
        RunLoopTimer timer = RunLoopTimer.after(LONG, self -> {});
        loop.add(timer, MODE);
        RunLoop other = CompletableFuture.supplyAsync(RunLoop::current).get();
        assertThrows(IllegalStateException.class, () -> other.add(timer, MODE));
        loop.remove(timer, MODE);
        other.add(timer, MODE);
        timer.invalidate();
        other.add(timer, MODE);
        assertFalse(other.contains(timer, MODE), "what is not valid is not added");
    }

    @Test
    void actionsArePerformedInTheirOrderInTheirModes() throws Exception {
        loop.addCommonMode(MODE);
        loop.perform(MODE, () -> {
            seen.add(1);
            loop.perform(MODE, () -> seen.add("next pass"));
        });
        loop.perform(OTHER, () -> seen.add("other"));
        loop.perform(RunLoopMode.COMMON, () -> seen.add(2));
        loop.perform(List.of(OTHER, MODE), () -> seen.add(3));
        run(Duration.ZERO);
        assertEquals(List.of(1, 2, 3, "next pass"), seen);
        loop.runInMode(OTHER, Duration.ZERO, false);
        assertEquals("other", seen.get(4));
        assertEquals(5, seen.size());
    }

    @Test
    void theExecutorOfALoopRunsOnItsThread() throws Exception {
        SignalSource staying = SignalSource.of(() -> {});
        loop.add(staying, RunLoopMode.DEFAULT);
        CompletableFuture<Void> other = whenAsleep(loop, () -> loop.executor().execute(() -> {
            seen.add(Thread.currentThread());
            loop.stop();
        }));
        loop.run();
        other.get();
        assertEquals(List.of(Thread.currentThread()), seen);
        staying.invalidate();
    }

    @Test
    void aStopFromAnotherThreadEndsARunThatSleeps() throws Exception {
        try (Inbox inbox = new Inbox()) {
            for (int i = 0; i < 50; i++) {
                CompletableFuture<Void> other = whenAsleep(loop, loop::stop);
                assertEquals(RunResult.STOPPED, run(LONG));
                other.get();
                assertFalse(loop.isWaiting());
            }
        }
    }

    @Test
    void aWakeUpIsOnePassAndNoMore() throws Exception {
        try (Inbox inbox = new Inbox()) {
            RunLoopObserver observer =
                    RunLoopObserver.of(Set.of(Activity.BEFORE_TIMERS), (self, activity) -> seen.add(activity));
            loop.add(observer, MODE);
            CompletableFuture<Void> other = whenAsleep(loop, () -> {
                loop.wakeUp();
                while (seen.size() < 2 || !loop.isWaiting()) {
                    Thread.onSpinWait();
                }
                loop.stop();
            });
            assertEquals(RunResult.STOPPED, run(LONG));
            other.get();
            assertEquals(2, seen.size());
            observer.invalidate();
        }
    }

    @Test
    void noWakeUpIsLostHoweverItFalls() throws Exception {
        AtomicInteger performed = new AtomicInteger();
        SignalSource staying = SignalSource.of(() -> {});
        loop.add(staying, RunLoopMode.DEFAULT);
        int rounds = 5_000;
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
            for (int i = 1; i <= rounds; i++) {
                loop.executor().execute(performed::incrementAndGet);
                while (performed.get() < i) {
                    Thread.onSpinWait();
                }
            }
            loop.executor().execute(loop::stop);
        });
        loop.run();
        other.get();
        assertEquals(rounds, performed.get());
        staying.invalidate();
    }

    @Test
    void runsNestAndAStopEndsTheInnermost() throws Exception {
        try (Inbox inbox = new Inbox()) {
            loop.perform(MODE, () -> {
                assertEquals(Optional.of(MODE), loop.currentMode());
                loop.perform(OTHER, () -> {
                    assertEquals(Optional.of(OTHER), loop.currentMode());
                    loop.stop();
                });
                loop.perform(OTHER, () -> {});
                assertDoesNotThrow(() -> {
                    SignalSource staying = SignalSource.of(() -> {});
                    loop.add(staying, OTHER);
                    seen.add(loop.runInMode(OTHER, LONG, false));
                    staying.invalidate();
                });
            });
            assertEquals(RunResult.TIMED_OUT, run(SHORT));
            assertEquals(List.of(RunResult.STOPPED), seen);
            assertEquals(Optional.empty(), loop.currentMode());
        }
    }

    @Test
    void aStopBeforeARunIsForNothing() throws Exception {
        try (Inbox inbox = new Inbox()) {
            loop.stop();
            assertEquals(RunResult.TIMED_OUT, run(SHORT));
        }
    }

    @Test
    void aCallbackThatThrowsIsLoggedAndTheLoopGoesOn() throws Exception {
        try (Inbox inbox = new Inbox();
                LogCapture log = new LogCapture(RunLoop.class)) {
            RuntimeException failure = new IllegalStateException("thrown by a test");
            loop.perform(MODE, () -> {
                throw failure;
            });
            loop.add(
                    RunLoopTimer.after(Duration.ZERO, self -> {
                        throw failure;
                    }),
                    MODE);
            SignalSource source = SignalSource.of(() -> {
                throw failure;
            });
            loop.add(source, MODE);
            source.signal();
            inbox.send(1);
            run(SHORT);
            assertEquals(List.of(1), seen);
            assertEquals(3, log.messages().size());
            source.invalidate();
        }
    }

    @Test
    void anInterruptEndsTheWait() throws Exception {
        try (Inbox inbox = new Inbox()) {
            Thread self = Thread.currentThread();
            CompletableFuture<Void> other = whenAsleep(loop, self::interrupt);
            assertThrows(InterruptedCallException.class, () -> run(LONG));
            other.join();
            assertTrue(Thread.interrupted());
            inbox.send(1);
            assertEquals(RunResult.HANDLED_SOURCE, loop.runInMode(MODE, LONG, true));
        }
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
    void loopsOfManyThreadsLeaveNothingBehind() throws Exception {
        List<Thread> threads = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            Thread thread = new Thread(() -> assertDoesNotThrow(() -> {
                RunLoop own = RunLoop.current();
                own.add(RunLoopTimer.after(Duration.ofMillis(1), self -> done.countDown()), MODE);
                own.runInMode(MODE, LONG, false);
            }));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(0, done.getCount());
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

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.InterruptedCallException;
import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.DescriptorKind;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.VirtualThreads;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.SendRight;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of a loop in one mode, from entry to exit; runs nest. */
final class Run {
    private static final long FOREVER = Long.MAX_VALUE;

    private final RunLoop loop;
    private final Mode mode;
    private final PortSet set;
    private final long start = System.nanoTime();
    private final long limit;
    private final boolean untilHandled;
    private volatile boolean stopped;

    /** From the wait of one pass to the start of the next a wake-up asks for nothing: the next pass comes anyway. */
    private volatile boolean passFollows = true;

    /** The next wait is not to block. */
    private volatile boolean woken;

    /** @param limit nanoseconds; {@code Long.MAX_VALUE} for no limit */
    Run(RunLoop loop, Mode mode, PortSet set, long limit, boolean untilHandled) {
        this.loop = loop;
        this.mode = mode;
        this.set = set;
        this.limit = limit;
        this.untilHandled = untilHandled;
    }

    Mode mode() {
        return mode;
    }

    void stop() {
        stopped = true;
    }

    /** Asks for one more pass. */
    void wake() {
        if (!passFollows) {
            woken = true;
        }
    }

    /** Keeps the next wait from blocking, since nothing is left that could end it. */
    void emptied() {
        woken = true;
    }

    boolean mayBlock() {
        return !woken && !stopped;
    }

    RunResult go() throws MachException {
        announce(Activity.ENTRY);
        try {
            RunResult result = stopped ? RunResult.STOPPED : null;
            while (result == null) {
                result = pass();
            }
            return result;
        } finally {
            announce(Activity.EXIT);
        }
    }

    private @Nullable RunResult pass() throws MachException {
        passFollows = false;
        announce(Activity.BEFORE_TIMERS);
        announce(Activity.BEFORE_SOURCES);
        loop.performBlocks(mode);
        boolean handled = performSignalled();
        if (handled) {
            loop.performBlocks(mode);
        }
        ReceivedMessage message = handled || limit == 0 ? poll() : await();
        if (message == null) {
            fireTimers();
        } else {
            handled |= deliver(message);
        }
        loop.performBlocks(mode);
        return result(handled);
    }

    private @Nullable RunResult result(boolean handled) {
        if (handled && untilHandled) {
            return RunResult.HANDLED_SOURCE;
        }
        if (remaining() == 0) {
            return RunResult.TIMED_OUT;
        }
        if (stopped) {
            return RunResult.STOPPED;
        }
        return loop.isFinished(mode) ? RunResult.FINISHED : null;
    }

    private boolean performSignalled() {
        boolean handled = false;
        List<SignalSource> signalled = loop.takeSignalled(mode);
        int taken = 0;
        try {
            while (taken < signalled.size() && !(handled && untilHandled)) {
                SignalSource source = signalled.get(taken++);
                if (source.takeSignal()) {
                    handled = true;
                    Callbacks.run(source, source.handler()::perform);
                }
            }
        } finally { // also if a callback met an Error: the others keep their turn
            for (int i = taken; i < signalled.size(); i++) {
                loop.signalled(signalled.get(i));
            }
        }
        return handled;
    }

    /** Looks for a message without blocking or notifying observers. */
    private @Nullable ReceivedMessage poll() throws MachException {
        try {
            return receive(0);
        } finally {
            endWait();
        }
    }

    /** Waits for a message, a timer, a wake-up or the end of the time, whichever comes first. */
    private @Nullable ReceivedMessage await() throws MachException {
        announce(Activity.BEFORE_WAITING);
        try {
            return receive(Math.min(remaining(), loop.beginWaiting(this)));
        } finally {
            endWait();
            loop.endWaiting();
            announce(Activity.AFTER_WAITING);
        }
    }

    private void endWait() {
        passFollows = true;
        woken = false;
    }

    /** Receives, unless a timer is due and the last turn was a port's: ports that always have messages starve no timer. */
    private @Nullable ReceivedMessage receive(long nanos) throws MachException {
        if (mode.portHadTurn() && loop.isTimerDue(mode)) {
            mode.takeTurn(false);
            return null;
        }
        try {
            ReceivedMessage message = nanos > 0 && VirtualThreads.isCurrent() ? letReceive(nanos) : receiveHere(nanos);
            mode.takeTurn(message != null);
            return message;
        } catch (InvalidMessageException e) {
            loop.reportInvalid(e);
            return null;
        }
    }

    private @Nullable ReceivedMessage receiveHere(long nanos) throws MachException {
        try {
            return nanos == FOREVER
                    ? ReceivedMessage.receiveFrom(set)
                    : ReceivedMessage.tryReceiveFrom(set, Duration.ofNanos(nanos))
                            .orElse(null);
        } catch (InterruptedException e) {
            throw InterruptedCallException.of(e);
        }
    }

    /** Lets a platform thread wait, since this one is virtual; the wait ends by a wake-up if this one is interrupted. */
    private @Nullable ReceivedMessage letReceive(long nanos) throws MachException {
        ReceivedMessage there = receiveHere(0);
        if (there != null) {
            return there;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw MachException.of("mach_msg", new KernReturn(KernReturn.MACH_RCV_INTERRUPTED));
        }
        return Waiters.call(() -> Optional.ofNullable(receiveHere(nanos)), loop::endSleep)
                .orElse(null);
    }

    /** Fires the timers that are due now; those that come due in the callbacks have the next pass. */
    private void fireTimers() {
        for (RunLoopTimer timer : loop.dueTimers(mode)) {
            if (loop.beginFiring(timer)) {
                timer.fire();
            }
        }
    }

    /** Gives a message to its source. Returns whether there was one: a wake-up has none. */
    private boolean deliver(ReceivedMessage message) {
        try (message) {
            PortSource source = loop.sourceOf(mode, message.port());
            if (source == null || !source.isValid()) {
                return false;
            }
            perform(source, message);
            return true;
        }
    }

    private static void perform(PortSource source, ReceivedMessage message) {
        try {
            Optional<OutgoingMessage> reply = source.handler().perform(message);
            if (reply.isPresent()) {
                answer(message, reply.get());
            }
        } catch (MachException | RuntimeException e) {
            Callbacks.failed(source, e);
        }
    }

    private static void answer(ReceivedMessage message, OutgoingMessage reply) throws MachException {
        try (reply) {
            if (message.replyKind() == DescriptorKind.SEND_ONCE) {
                reply.sendTo(message.takeReplyOnce());
            } else if (message.replyKind() == DescriptorKind.SEND) {
                try (SendRight right = message.takeReply()) {
                    reply.trySendTo(right);
                }
            }
        } catch (DeadPortException e) {
            // The requester is gone and needs no answer.
        }
    }

    private long remaining() {
        return limit == FOREVER ? FOREVER : Math.max(0, limit - (System.nanoTime() - start));
    }

    private void announce(Activity activity) {
        List<RunLoopObserver> observers = mode.observers();
        for (int i = 0; i < observers.size(); i++) {
            RunLoopObserver observer = observers.get(i);
            if (observer.wants(activity)) {
                observer.fire(activity);
            }
        }
    }
}

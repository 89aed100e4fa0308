/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.MachException;
import io.machframe.core.port.PortName;
import io.machframe.core.port.PortSet;
import java.lang.System.Logger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits on one thread for messages of many ports, for timers and for signals, and calls back for each: {@code CFRunLoop},
 * with its rules and its order, on both systems. Each thread has one, which only it can run.
 *
 * <p>One pass of a run does this: observers are told {@link Activity#BEFORE_TIMERS} and
 * {@link Activity#BEFORE_SOURCES}; actions given to {@link #perform} run; signalled sources are performed; unless there
 * were any, observers are told {@link Activity#BEFORE_WAITING}, the loop sleeps, and they are told
 * {@link Activity#AFTER_WAITING}; timers that are due fire; then at most one message is delivered to its source.
 *
 * <p>A callback that throws is logged, and the loop goes on.
 *
 * <p><b>Threads.</b> Adding, removing, {@link #perform}, {@link #stop} and {@link #wakeUp} are for any thread, running
 * is for the loop's own. A loop that is not running and has no port source holds nothing of the system. If a virtual thread
 * runs a loop, a platform thread waits in its place, one for each such loop that sleeps.
 */
public final class RunLoop {
    private static final Logger LOG = System.getLogger(RunLoop.class.getName());
    private static final String MAIN_THREAD = "main";
    private static final long RETRY_NANOS = 100_000_000;
    private static final RunLoop MAIN = new RunLoop();
    private static final ThreadLocal<RunLoop> CURRENT =
            ThreadLocal.withInitial(() -> isMain(Thread.currentThread()) && MAIN.claim() ? MAIN : new RunLoop());

    private final Map<RunLoopMode, Mode> modes = new HashMap<>();
    private final Set<RunLoopMode> commonModes = new LinkedHashSet<>(Set.of(RunLoopMode.DEFAULT));
    private final Set<RunLoopItem> commonItems = new LinkedHashSet<>();
    private final List<Block> blocks = new ArrayList<>();
    private final ArrayDeque<Run> runs = new ArrayDeque<>();
    private @Nullable WakeUp wakeUp;
    private boolean waiting;

    /** Somebody wants another pass. */
    private boolean woken;

    private boolean reportedInvalid;
    private boolean claimed;

    /** Started when first asked for. */
    private static final class Background {
        static final RunLoop LOOP = new RunLoop();

        static {
            Thread thread = new Thread(LOOP::runInBackground, "machframe-run-loop");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private record Block(Set<RunLoopMode> modes, Runnable action) {}

    private RunLoop() {}

    /** Returns this thread's loop, {@code CFRunLoopGetCurrent}. */
    public static RunLoop current() {
        return CURRENT.get();
    }

    /**
     * Returns the loop of a daemon thread that runs it as long as something is in {@link RunLoopMode#DEFAULT}: for what
     * has no loop of its own, such as message ports that deliver on executors. A callback that takes long or blocks
     * holds all others up.
     */
    public static RunLoop background() {
        return Background.LOOP;
    }

    /**
     * Returns the loop of the thread that the JVM called {@code main} on, {@code CFRunLoopGetMain}: the one of that name
     * in the group of that name. For any thread.
     */
    public static RunLoop main() {
        return MAIN;
    }

    /**
     * Runs in {@link RunLoopMode#DEFAULT} until it is stopped or finished, {@code CFRunLoopRun}.
     *
     * @throws MachException as {@link #runInMode}
     */
    public void run() throws MachException {
        runFor(RunLoopMode.DEFAULT, Long.MAX_VALUE, false);
    }

    /**
     * Runs for at most some time, {@code CFRunLoopRunInMode}. May be called from within a callback of this loop: runs
     * nest.
     *
     * @param limit zero for one pass that does not sleep
     * @param untilHandled whether to return as soon as a source was performed, {@code returnAfterSourceHandled}
     * @throws io.machframe.core.error.InterruptedCallException if the thread is interrupted while the loop waits
     * @throws MachException if the system has no room for what the loop waits with
     * @throws IllegalStateException if this is another thread's loop
     */
    public RunResult runInMode(RunLoopMode mode, Duration limit, boolean untilHandled) throws MachException {
        boolean forever = limit.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0;
        return runFor(mode, forever ? Long.MAX_VALUE : Math.max(0, limit.toNanos()), untilHandled);
    }

    private static boolean isMain(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return thread.getName().equals(MAIN_THREAD)
                && group != null
                && group.getName().equals(MAIN_THREAD);
    }

    /** Returns whether no other thread, which took the name of the main one, has this loop. */
    private synchronized boolean claim() {
        boolean first = !claimed;
        claimed = true;
        return first;
    }

    private void runInBackground() {
        CURRENT.set(this);
        while (true) {
            try {
                awaitWork();
                run();
            } catch (MachException e) {
                LOG.log(Logger.Level.ERROR, "the run loop in the background pauses for want of room", e);
                LockSupport.parkNanos(RETRY_NANOS);
            } catch (InterruptedException nobodyWouldKnowWhy) {
                LOG.log(Logger.Level.WARNING, "the run loop in the background is not to be interrupted");
            }
        }
    }

    private synchronized void awaitWork() throws InterruptedException {
        while (isFinished(mode(RunLoopMode.DEFAULT))) {
            wait();
        }
    }

    private RunResult runFor(RunLoopMode name, long nanos, boolean untilHandled) throws MachException {
        requireConcrete(name);
        if (this != CURRENT.get()) {
            throw new IllegalStateException("a run loop is run by its own thread only");
        }
        Run run = begin(name, nanos, untilHandled);
        if (run == null) {
            return RunResult.FINISHED;
        }
        try {
            return run.go();
        } finally {
            end(run);
        }
    }

    private synchronized @Nullable Run begin(RunLoopMode name, long nanos, boolean untilHandled) throws MachException {
        Mode mode = mode(name);
        if (isFinished(mode)) {
            return null;
        }
        if (wakeUp == null) {
            wakeUp = WakeUp.open();
        }
        try {
            PortSet set = mode.enter(wakeUp.port());
            Run run = new Run(this, mode, set, nanos, untilHandled);
            runs.push(run);
            woken = false; // the first pass is for all that came before
            return run;
        } finally {
            releaseIfIdle();
        }
    }

    private synchronized void end(Run run) {
        runs.pop();
        run.mode().exit();
        releaseIfIdle();
    }

    private void releaseIfIdle() {
        if (wakeUp != null && modes.values().stream().noneMatch(Mode::isWaitable)) {
            wakeUp.close();
            wakeUp = null;
        }
    }

    /**
     * Ends the innermost run that is under way, {@code CFRunLoopStop}, after the callback it is in. Does nothing if the
     * loop does not run.
     */
    public synchronized void stop() {
        Run innermost = runs.peek();
        if (innermost != null) {
            innermost.stop();
            wakeUp();
        }
    }

    /** Lets the loop make one more pass if it sleeps or is about to, {@code CFRunLoopWakeUp}. */
    public synchronized void wakeUp() {
        woken = true;
        if (waiting && wakeUp != null) {
            wakeUp.send();
        }
    }

    /** Returns whether the loop sleeps, {@code CFRunLoopIsWaiting}. */
    public synchronized boolean isWaiting() {
        return waiting;
    }

    /** Returns the mode of the innermost run, {@code CFRunLoopCopyCurrentMode}; empty if the loop does not run. */
    public synchronized Optional<RunLoopMode> currentMode() {
        return Optional.ofNullable(runs.peek()).map(run -> run.mode().name());
    }

    /** Returns all modes that something was added to, {@code CFRunLoopCopyAllModes}. */
    public synchronized Set<RunLoopMode> modes() {
        return Set.copyOf(modes.keySet());
    }

    /**
     * Makes a mode one of the common ones, {@code CFRunLoopAddCommonMode}: all that was added to
     * {@link RunLoopMode#COMMON} works in it too. {@link RunLoopMode#DEFAULT} is common from the start.
     */
    public synchronized void addCommonMode(RunLoopMode mode) throws MachException {
        requireConcrete(mode);
        if (commonModes.add(mode)) {
            for (RunLoopItem item : List.copyOf(commonItems)) {
                addTo(mode(mode), item);
            }
        }
    }

    /**
     * Adds a source, timer or observer to a mode, {@code CFRunLoopAddSource}, {@code CFRunLoopAddTimer},
     * {@code CFRunLoopAddObserver}. Does nothing if it is there already, or is not valid.
     *
     * @throws MachException if the system has no room to wait for one more port
     * @throws IllegalArgumentException if another source has the same port in the mode
     * @throws IllegalStateException if a timer or an observer is in another loop
     */
    public synchronized void add(RunLoopItem item, RunLoopMode mode) throws MachException {
        if (!item.join(this)) {
            return;
        }
        try {
            if (mode.equals(RunLoopMode.COMMON)) {
                commonItems.add(item);
                for (RunLoopMode common : List.copyOf(commonModes)) {
                    addTo(mode(common), item);
                }
            } else {
                addTo(mode(mode), item);
            }
        } catch (MachException | RuntimeException e) {
            remove(item, mode);
            throw e;
        }
    }

    private void addTo(Mode mode, RunLoopItem item) throws MachException {
        if (mode.contains(item)) {
            return;
        }
        mode.add(item);
        notifyAll();
        if (item instanceof SignalSource source) {
            Callbacks.run(source, () -> source.handler().scheduled(this, mode.name()));
        } else if (item instanceof RunLoopTimer && waiting) {
            wakeUp(); // its time may come before that for which the loop was going to sleep
        }
    }

    /**
     * Removes an item from a mode, {@code CFRunLoopRemoveSource}, {@code CFRunLoopRemoveTimer},
     * {@code CFRunLoopRemoveObserver}; from {@link RunLoopMode#COMMON}, from all common modes. Does nothing if it is not
     * there.
     */
    public synchronized void remove(RunLoopItem item, RunLoopMode mode) {
        if (mode.equals(RunLoopMode.COMMON)) {
            commonItems.remove(item);
            commonModes.forEach(common -> removeFrom(modes.get(common), item));
        } else {
            removeFrom(modes.get(mode), item);
        }
        if (!commonItems.contains(item) && modes.values().stream().noneMatch(each -> each.contains(item))) {
            item.leave(this);
        }
    }

    /** An item is not valid any more. */
    synchronized void forget(RunLoopItem item) {
        commonItems.remove(item);
        modes.values().forEach(mode -> removeFrom(mode, item));
    }

    private void removeFrom(@Nullable Mode mode, RunLoopItem item) {
        if (mode == null || !mode.contains(item)) {
            return;
        }
        mode.remove(item);
        if (item instanceof SignalSource source) {
            Callbacks.run(source, () -> source.handler().cancelled(this, mode.name()));
        }
        if (mode.isEmpty()) {
            wakeUp(); // nothing else would end a sleep
        }
        releaseIfIdle();
    }

    /**
     * Returns whether an item is in a mode, {@code CFRunLoopContainsSource}, {@code CFRunLoopContainsTimer},
     * {@code CFRunLoopContainsObserver}; for {@link RunLoopMode#COMMON}, whether it was added to that.
     */
    public synchronized boolean contains(RunLoopItem item, RunLoopMode mode) {
        if (mode.equals(RunLoopMode.COMMON)) {
            return commonItems.contains(item);
        }
        Mode there = modes.get(mode);
        return there != null && there.contains(item);
    }

    /** Returns when the first timer of a mode fires, {@code CFRunLoopGetNextTimerFireDate}. */
    public synchronized Optional<Instant> nextTimerFireDate(RunLoopMode mode) {
        Mode there = modes.get(mode);
        return Optional.ofNullable(there == null ? null : there.firstTimer()).map(RunLoopTimer::nextFireDate);
    }

    /**
     * Has something done once, in the next pass of a run in a mode, {@code CFRunLoopPerformBlock}. Actions run in the
     * order in which they were given. It does not wake the loop: {@link #wakeUp} does.
     */
    public void perform(RunLoopMode mode, Runnable action) {
        perform(Set.of(mode), action);
    }

    /** As {@link #perform(RunLoopMode, Runnable)}, in the first of several modes that the loop runs in. */
    public synchronized void perform(Collection<RunLoopMode> inModes, Runnable action) {
        blocks.add(new Block(Set.copyOf(inModes), Objects.requireNonNull(action)));
        notifyAll();
    }

    /** Returns an executor that performs in the common modes and wakes the loop. */
    public Executor executor() {
        return action -> {
            perform(RunLoopMode.COMMON, action);
            wakeUp();
        };
    }

    private Mode mode(RunLoopMode name) {
        return modes.computeIfAbsent(name, Mode::new);
    }

    private static void requireConcrete(RunLoopMode mode) {
        if (mode.equals(RunLoopMode.COMMON)) {
            throw new IllegalArgumentException("the common modes are a set of modes: name one of them");
        }
    }

    // What follows is for runs and items.

    synchronized boolean isFinished(Mode mode) {
        return mode.isEmpty() && blocks.stream().noneMatch(block -> isFor(block, mode));
    }

    private boolean isFor(Block block, Mode mode) {
        return block.modes.contains(mode.name())
                || (block.modes.contains(RunLoopMode.COMMON) && commonModes.contains(mode.name()));
    }

    /** Performs what was given before; what is given meanwhile has its turn later. */
    void performBlocks(Mode mode) {
        for (Block block : takeBlocks(mode)) {
            Callbacks.run(this, block.action);
        }
    }

    private synchronized List<Block> takeBlocks(Mode mode) {
        if (blocks.isEmpty()) {
            return List.of();
        }
        List<Block> taken = blocks.stream().filter(block -> isFor(block, mode)).toList();
        blocks.removeAll(taken);
        return taken;
    }

    synchronized void signalled(SignalSource source) {
        modes.values().forEach(mode -> mode.signalled(source));
    }

    synchronized List<SignalSource> takeSignalled(Mode mode) {
        return mode.takeSignalled();
    }

    synchronized List<RunLoopObserver> observers(Mode mode) {
        return mode.observers();
    }

    /** Returns whether the loop was woken since it last slept, and shall not. */
    synchronized boolean beginWaiting(Mode mode) {
        waiting = true;
        return woken;
    }

    synchronized void endWaiting() {
        waiting = false;
        woken = false;
    }

    synchronized long nanosUntilTimer(Mode mode) {
        return mode.nanosUntilTimer(System.nanoTime());
    }

    synchronized @Nullable PortSource sourceOf(Mode mode, PortName port) {
        return mode.source(port);
    }

    synchronized void reschedule(RunLoopTimer timer) {
        modes.values().forEach(mode -> mode.reschedule(timer));
        wakeUp();
    }

    synchronized List<RunLoopTimer> dueTimers(Mode mode, long now) {
        return mode.due(now);
    }

    /** Takes a timer that still has to fire out of all modes while it does. */
    synchronized boolean beginFiring(Mode mode, RunLoopTimer timer, long now) {
        boolean fires = mode.beginFiring(timer, now);
        if (fires) {
            modes.values().forEach(each -> each.suspend(timer));
        }
        return fires;
    }

    synchronized void endFiring(RunLoopTimer timer) {
        modes.values().forEach(each -> each.endFiring(timer));
    }

    /** Tells once of messages that no source could be given: they were destroyed. */
    synchronized void reportInvalid(InvalidMessageException e) {
        if (!reportedInvalid) {
            reportedInvalid = true;
            LOG.log(
                    Logger.Level.WARNING,
                    "a run loop got a message that was destroyed; further ones are not told of",
                    e);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.LibraryThread;
import io.machframe.core.port.PortName;
import io.machframe.core.port.PortSet;
import java.lang.System.Logger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
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
 * <p>One pass of a run does this: observers are notified of {@link Activity#BEFORE_TIMERS} and
 * {@link Activity#BEFORE_SOURCES}; actions given to {@link #perform} run; signalled sources are performed; unless there
 * were any, observers are notified of {@link Activity#BEFORE_WAITING}, the loop sleeps, and they are notified of
 * {@link Activity#AFTER_WAITING}. Then <em>either</em> one message is delivered to its source <em>or</em> the timers that
 * are due fire. If both could, the message comes first, and the timers have the next pass.
 *
 * <p>A callback that throws is logged, and the loop goes on.
 *
 * <p><b>Where it differs from CoreFoundation</b>, whose answers the tests replay: a run ends as soon as its mode loses the
 * last source and timer, where CF may sleep until its time is over; a nested run does not use up the wake-up that the
 * run around it waits for; a run in {@link RunLoopMode#COMMON} is an exception; timers may have a tolerance, which CF keeps
 * on macOS only; the main loop has no queue of its own, and finishes if it has nothing else.
 *
 * <p><b>Threads.</b> Adding, removing, {@link #perform}, {@link #stop} and {@link #wakeUp} are thread-safe; only the
 * loop's own thread runs it. A loop that is not running and has no port source holds nothing of the system. If a virtual
 * thread runs a loop, a platform thread waits in its place, one for each such loop that sleeps.
 */
public final class RunLoop {
    private static final Logger LOG = System.getLogger(RunLoop.class.getName());
    private static final String MAIN_THREAD = "main";
    private static final long RETRY_NANOS = 100_000_000;
    private static final RunLoop MAIN = new RunLoop();
    private static final ThreadLocal<RunLoop> CURRENT =
            ThreadLocal.withInitial(() -> isMain(Thread.currentThread()) && MAIN.claim() ? MAIN : new RunLoop());

    private final Map<RunLoopMode, Mode> modes = new LinkedHashMap<>();
    private final Set<RunLoopMode> commonModes = new LinkedHashSet<>(Set.of(RunLoopMode.DEFAULT));
    private final Set<RunLoopItem> commonItems = new LinkedHashSet<>();
    private final List<Block> blocks = new ArrayList<>();
    private final ArrayDeque<Run> runs = new ArrayDeque<>();
    private @Nullable WakeUp wakeUp;
    private boolean waiting;
    private boolean reportedInvalid;
    private boolean claimed;

    /** Started when first asked for. */
    private static final class Background {
        static final RunLoop LOOP = new RunLoop();
        private static volatile boolean started;

        /** Not when the class is initialised: what fails then fails for good. */
        static void start() {
            if (!started) {
                synchronized (LOOP) {
                    if (!started && !LibraryThread.start("machframe-run-loop", LOOP::runInBackground)) {
                        throw new OutOfMemoryError("the process can have no thread for the run loop in the background");
                    }
                    started = true;
                }
            }
        }
    }

    private record Block(Set<RunLoopMode> modes, Runnable action) {}

    private RunLoop() {
        mode(RunLoopMode.DEFAULT);
    }

    /** Returns this thread's loop, {@code CFRunLoopGetCurrent}. */
    public static RunLoop current() {
        return CURRENT.get();
    }

    /**
     * Returns the loop of a daemon thread that runs it as long as something is in {@link RunLoopMode#DEFAULT}: for code
     * that has no loop of its own, such as message ports that deliver on executors. A callback that takes long or blocks
     * delays all others.
     */
    public static RunLoop background() {
        Background.start();
        return Background.LOOP;
    }

    /**
     * Returns the loop of the thread that the JVM called {@code main} on, {@code CFRunLoopGetMain}: the one of that name
     * in the group of that name. Thread-safe.
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
     * @throws MachException if the system has no resources for the port and the set that the loop waits with
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

    private boolean runInBackground() {
        CURRENT.set(this);
        try {
            awaitWork();
            run();
        } catch (MachException e) {
            LOG.log(Logger.Level.ERROR, "the run loop in the background pauses for lack of resources", e);
            LockSupport.parkNanos(RETRY_NANOS);
        } catch (InterruptedException nobodyWouldKnowWhy) {
            LOG.log(Logger.Level.WARNING, "the run loop in the background is not to be interrupted");
        }
        return true;
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
        Mode mode = modes.get(name);
        if (mode == null || isFinished(mode)) {
            return null;
        }
        if (wakeUp == null) {
            wakeUp = WakeUp.open();
        }
        try {
            PortSet set = mode.enter(wakeUp.port());
            Run run = new Run(this, mode, set, nanos, untilHandled);
            runs.push(run);
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
     * Ends the innermost run that is under way, {@code CFRunLoopStop}, after the callback it is in; a run that has only
     * notified its observers of {@link Activity#ENTRY} makes no pass. Does nothing if the loop does not run.
     */
    public synchronized void stop() {
        Run innermost = runs.peek();
        if (innermost != null) {
            innermost.stop();
            endSleep();
        }
    }

    /**
     * Lets the loop make one more pass if it sleeps or is about to, {@code CFRunLoopWakeUp}. Does nothing if another pass
     * follows anyway: from when a pass stops waiting until the next one begins, and before the first.
     */
    public synchronized void wakeUp() {
        runs.forEach(Run::wake);
        endSleep();
    }

    /** Ends a sleep that is under way. */
    synchronized void endSleep() {
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

    /**
     * Returns all modes that something was added to or is to be {@linkplain #perform performed} in, and
     * {@link RunLoopMode#DEFAULT}, {@code CFRunLoopCopyAllModes}.
     */
    public synchronized Set<RunLoopMode> modes() {
        return Set.copyOf(modes.keySet());
    }

    /**
     * Makes a mode one of the common ones, {@code CFRunLoopAddCommonMode}: all that was added to
     * {@link RunLoopMode#COMMON} works in it too. {@link RunLoopMode#DEFAULT} is common from the beginning.
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
     * @throws MachException if the system has no resources to wait for one more port
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
        } else if (item instanceof RunLoopTimer) {
            endSleep(); // which may be longer than until its time
        }
    }

    /**
     * Removes an item from a mode, {@code CFRunLoopRemoveSource}, {@code CFRunLoopRemoveTimer},
     * {@code CFRunLoopRemoveObserver}; from {@link RunLoopMode#COMMON}, from all common modes. Does nothing if it was not
     * added there.
     */
    public synchronized void remove(RunLoopItem item, RunLoopMode mode) {
        if (mode.equals(RunLoopMode.COMMON)) {
            if (commonItems.remove(item)) {
                commonModes.forEach(common -> removeFrom(modes.get(common), item));
            }
        } else {
            removeFrom(modes.get(mode), item);
        }
        if (!commonItems.contains(item) && modes.values().stream().noneMatch(each -> each.contains(item))) {
            item.leave(this);
        }
    }

    /** Removes an item that was invalidated. */
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
            runs.stream().filter(run -> run.mode() == mode).forEach(Run::emptied);
            endSleep();
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
     * Runs an action once, in the next pass of a run in a mode, {@code CFRunLoopPerformBlock}. Actions run in the order in
     * which they were given. This does not wake the loop: {@link #wakeUp} does.
     */
    public void perform(RunLoopMode mode, Runnable action) {
        perform(Set.of(mode), action);
    }

    /** As {@link #perform(RunLoopMode, Runnable)}, in the first of several modes that the loop runs in. */
    public synchronized void perform(Collection<RunLoopMode> inModes, Runnable action) {
        blocks.add(new Block(Set.copyOf(inModes), Objects.requireNonNull(action)));
        inModes.forEach(this::mode);
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

    /** Performs what was given before; what is given in the meantime has its turn later. */
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

    /** Returns how many nanoseconds the loop may sleep at most, whatever a run's limit is. */
    synchronized long beginWaiting(Run run) {
        waiting = true;
        return run.mayBlock() ? run.mode().nanosUntilTimer(System.nanoTime()) : 0;
    }

    synchronized void endWaiting() {
        waiting = false;
    }

    synchronized boolean isTimerDue(Mode mode) {
        return mode.nanosUntilTimer(System.nanoTime()) == 0;
    }

    synchronized @Nullable PortSource sourceOf(Mode mode, PortName port) {
        return mode.source(port);
    }

    synchronized void reschedule(RunLoopTimer timer) {
        modes.values().forEach(mode -> mode.reschedule(timer));
        endSleep();
    }

    synchronized List<RunLoopTimer> dueTimers(Mode mode) {
        return mode.due(System.nanoTime());
    }

    synchronized boolean beginFiring(RunLoopTimer timer) {
        return timer.beginFiring(this);
    }

    /** Reports once messages that no source could be given: they were destroyed. */
    synchronized void reportInvalid(InvalidMessageException e) {
        if (!reportedInvalid) {
            reportedInvalid = true;
            LOG.log(
                    Logger.Level.WARNING,
                    "a run loop received a message that was destroyed; further ones are not reported",
                    e);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import io.machframe.core.error.MachException;
import io.machframe.core.port.PortName;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one loop has in one mode. Guarded by its loop's monitor.
 *
 * <p>A pass looks at nothing that has no work: a message finds its source by its port's name, signalled sources queue up,
 * timers are sorted by their times.
 *
 * <p>The port set exists while the loop runs in the mode, and after that as long as ports are in it: a loop that is no
 * longer run holds nothing of the system.
 */
final class Mode {
    private static final Comparator<RunLoopItem> BY_ORDER =
            Comparator.comparingLong(RunLoopItem::order).thenComparingLong(RunLoopItem::serial);

    private final RunLoopMode name;
    private final Set<RunLoopSource> sources = new LinkedHashSet<>();
    private final Map<PortName, PortSource> ports = new HashMap<>();
    private final TreeSet<SignalSource> signalled = new TreeSet<>(BY_ORDER);
    private final Map<RunLoopTimer, Scheduled> timers = new HashMap<>();
    private final TreeSet<Scheduled> schedule = new TreeSet<>();

    /** Read by the thread that runs the loop without the monitor. */
    private volatile List<RunLoopObserver> observers = List.of();

    /** Whether the last wait gave a message rather than a timer; only the thread that runs the loop looks. */
    private boolean portHadTurn;

    private @Nullable PortSet set;
    private int runs;

    /** The time a timer has in the schedule: the timer's own may change. */
    private record Scheduled(long time, RunLoopTimer timer) implements Comparable<Scheduled> {
        @Override
        public int compareTo(Scheduled other) {
            long difference = time - other.time; // of a clock that may wrap around
            return difference != 0 ? Long.signum(difference) : Long.compare(timer.serial(), other.timer.serial());
        }
    }

    Mode(RunLoopMode name) {
        this.name = name;
    }

    RunLoopMode name() {
        return name;
    }

    boolean contains(RunLoopItem item) {
        if (item instanceof RunLoopSource source) {
            return sources.contains(source);
        }
        if (item instanceof RunLoopTimer timer) {
            return timers.containsKey(timer);
        }
        return item instanceof RunLoopObserver observer && observers.contains(observer);
    }

    /** Returns whether there is nothing that could ever end a wait. Observers do not count. */
    boolean isEmpty() {
        return sources.isEmpty() && timers.isEmpty();
    }

    void add(RunLoopItem item) throws MachException {
        if (item instanceof PortSource source) {
            addPort(source);
        } else if (item instanceof SignalSource source) {
            sources.add(source);
            if (source.isSignalled()) {
                signalled.add(source);
            }
        } else if (item instanceof RunLoopTimer timer) {
            schedule(timer);
        } else if (item instanceof RunLoopObserver observer) {
            List<RunLoopObserver> more = new ArrayList<>(observers);
            more.add(observer);
            more.sort(BY_ORDER);
            observers = List.copyOf(more);
        }
    }

    private void addPort(PortSource source) throws MachException {
        ReceiveRight port = source.port().orElse(null);
        if (port != null) {
            if (ports.containsKey(port.name())) {
                throw new IllegalArgumentException("another source has " + port + " in mode " + name);
            }
            if (set != null) {
                join(set, port);
            }
            ports.put(port.name(), source);
        }
        sources.add(source);
    }

    /** Lets a port's messages end waits; one that was closed will have none. */
    private static void join(PortSet set, ReceiveRight port) throws MachException {
        try {
            set.add(port);
        } catch (IllegalStateException closed) {
            // Its source stays until it is removed, as one without a port.
        }
    }

    void remove(RunLoopItem item) {
        if (item instanceof PortSource source) {
            sources.remove(source);
            source.port().ifPresent(this::removePort);
            releaseIfIdle();
        } else if (item instanceof SignalSource source) {
            sources.remove(source);
            signalled.remove(source);
        } else if (item instanceof RunLoopTimer timer) {
            unschedule(timer);
        } else {
            observers = observers.stream().filter(each -> each != item).toList();
        }
    }

    private void removePort(ReceiveRight port) {
        ports.remove(port.name());
        if (set != null) {
            try {
                set.remove(port);
            } catch (IllegalStateException | MachException closed) {
                // It left the set by itself.
            }
        }
    }

    /** Returns the source of a port, or null if it was removed since its message came. */
    @Nullable
    PortSource source(PortName port) {
        return ports.get(port);
    }

    void signalled(SignalSource source) {
        if (sources.contains(source)) {
            signalled.add(source);
        }
    }

    /** Takes out the signalled sources, in their order. */
    List<SignalSource> takeSignalled() {
        if (signalled.isEmpty()) {
            return List.of();
        }
        List<SignalSource> taken = List.copyOf(signalled);
        signalled.clear();
        return taken;
    }

    void reschedule(RunLoopTimer timer) {
        if (timers.containsKey(timer)) {
            schedule(timer);
        }
    }

    private void schedule(RunLoopTimer timer) {
        unschedule(timer);
        Scheduled entry = new Scheduled(timer.fireTime(), timer);
        timers.put(timer, entry);
        schedule.add(entry);
    }

    private void unschedule(RunLoopTimer timer) {
        Scheduled entry = timers.remove(timer);
        if (entry != null) {
            schedule.remove(entry);
        }
    }

    /** Returns the timers that are due, earliest first. */
    List<RunLoopTimer> due(long now) {
        List<RunLoopTimer> due = List.of();
        for (Scheduled entry : schedule) {
            if (entry.time - now > 0) {
                break;
            }
            if (!entry.timer.isFiring()) {
                due = due.isEmpty() ? new ArrayList<>() : due;
                due.add(entry.timer);
            }
        }
        return due;
    }

    /** Returns the timer that fires first, of those not in their callback. */
    @Nullable
    RunLoopTimer firstTimer() {
        for (Scheduled entry : schedule) {
            if (!entry.timer.isFiring()) {
                return entry.timer;
            }
        }
        return null;
    }

    /**
     * Returns how long a wait may last at most, in nanoseconds: until the first timer has to fire at the latest. So
     * several with some tolerance share a wake-up.
     */
    long nanosUntilTimer(long now) {
        long least = Long.MAX_VALUE;
        for (Scheduled entry : schedule) {
            if (entry.time - now >= least) {
                break;
            }
            if (!entry.timer.isFiring()) {
                least = Math.min(least, Math.max(0, entry.timer.deadline() - now));
            }
        }
        return least;
    }

    boolean portHadTurn() {
        return portHadTurn;
    }

    void takeTurn(boolean port) {
        portHadTurn = port;
    }

    List<RunLoopObserver> observers() {
        return observers;
    }

    /** A run begins: returns the set to wait on. */
    PortSet enter(ReceiveRight wakeUps) throws MachException {
        PortSet entered = set == null ? gather(wakeUps) : set;
        set = entered;
        runs++;
        return entered;
    }

    private PortSet gather(ReceiveRight wakeUps) throws MachException {
        PortSet gathered = Task.self().allocateSet();
        try {
            gathered.add(wakeUps);
            for (PortSource source : ports.values()) {
                join(gathered, source.port().orElseThrow());
            }
            return gathered;
        } catch (MachException e) {
            gathered.close();
            throw e;
        }
    }

    void exit() {
        runs--;
        releaseIfIdle();
    }

    private void releaseIfIdle() {
        if (runs == 0 && ports.isEmpty() && set != null) {
            set.close();
            set = null;
        }
    }

    boolean isWaitable() {
        return set != null;
    }
}

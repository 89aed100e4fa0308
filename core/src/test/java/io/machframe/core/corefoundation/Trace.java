/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.corefoundation;

import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.Activity;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopItem;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.runloop.RunLoopObserver;
import io.machframe.core.runloop.RunLoopTimer;
import io.machframe.core.runloop.SignalSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One question put to the run loop of a thread, and what came of it: the words of the programs that asked CoreFoundation
 * the same. Letters: E entry, T before timers, S before sources, W before waiting, A after waiting, X exit; a to z
 * callbacks; {@code =n} the result of a run.
 *
 * <p>Times are in milliseconds of a clock that may be slower than the real one: so a machine that stalls can be asked
 * again with more time between the steps.
 */
final class Trace {
    static final RunLoopMode D = RunLoopMode.DEFAULT;
    static final RunLoopMode COMMON = RunLoopMode.COMMON;
    static final RunLoopMode B = new RunLoopMode("B");
    static final RunLoopMode C = new RunLoopMode("C");
    static final RunLoopMode Q = new RunLoopMode("Q");

    final RunLoop loop = RunLoop.current();
    private final double slowness;
    private final long start = System.nanoTime();
    private final StringBuilder said = new StringBuilder();
    private final List<RunLoopItem> items = Collections.synchronizedList(new ArrayList<>());
    private final List<Port> ports = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private Trace(double slowness) {
        this.slowness = slowness;
    }

    /** What a question or a callback does. */
    interface Step {
        void run() throws Exception;
    }

    /** A question. */
    interface Script {
        void run(Trace trace) throws Exception;
    }

    /** A port with its source. */
    record Port(ReceiveRight receive, SendRight send, PortSource source) {
        void ping() {
            unchecked(() -> OutgoingMessage.builder().build().sendTo(send));
        }

        private void close() {
            source.invalidate();
            send.close();
            receive.close();
        }
    }

    /** Asks a question on a thread of its own, which has a fresh loop; returns the trace. */
    static String of(Script script, double slowness) throws InterruptedException {
        String[] answer = new String[1];
        Thread thread = new Thread(() -> answer[0] = new Trace(slowness).ask(script), "trace");
        thread.start();
        thread.join();
        return answer[0];
    }

    private String ask(Script script) {
        try {
            unchecked(() -> script.run(this));
            for (Thread thread : threads) {
                unchecked(thread::join);
            }
        } catch (RuntimeException e) {
            say(" " + e);
        } finally {
            List.copyOf(items).forEach(RunLoopItem::invalidate);
            ports.forEach(Port::close);
        }
        return said.toString().strip();
    }

    static void unchecked(Step step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    synchronized void say(Object what) {
        said.append(what);
    }

    void say(boolean what) {
        say(what ? "1" : "0");
    }

    /** Says how long the question has run, to 50 ms. */
    void sayTime() {
        int steps = (int) (elapsed() / 50 + 0.2);
        say(steps * 50 + " ");
    }

    /** Says a date in seconds from the start. */
    void sayDate(Instant date, String format) {
        say(String.format(format, seconds(date)));
    }

    /** Returns how many seconds after the start a date is. */
    double seconds(Instant date) {
        double away = Duration.between(Instant.now(), date).toNanos() / 1e6 / slowness;
        return (elapsed() + away) / 1000;
    }

    double elapsed() {
        return (System.nanoTime() - start) / 1e6 / slowness;
    }

    private Duration time(double millis) {
        return Duration.ofNanos((long) (millis * slowness * 1e6));
    }

    Instant in(double millis) {
        return Instant.now().plus(time(millis));
    }

    /** Returns a date so many milliseconds from the start. */
    Instant at(double millis) {
        return in(millis - elapsed());
    }

    void snooze(double millis) {
        unchecked(() -> TimeUnit.NANOSECONDS.sleep(time(millis).toNanos()));
    }

    /** Does something on another thread after some time. */
    Thread later(double millis, Step step) {
        Thread thread = new Thread(() -> {
            snooze(millis);
            unchecked(step);
        });
        threads.add(thread);
        thread.start();
        return thread;
    }

    void run(double millis) {
        run(D, millis, false);
    }

    void runUntilHandled(double millis) {
        run(D, millis, true);
    }

    void run(RunLoopMode mode, double millis, boolean untilHandled) {
        unchecked(
                () -> say("=" + loop.runInMode(mode, time(millis), untilHandled).code()));
    }

    /** A nested run. */
    void nest(double millis) {
        say("(");
        run(millis);
        say(")");
    }

    <T extends RunLoopItem> T add(T item, RunLoopMode mode) {
        items.add(item);
        unchecked(() -> loop.add(item, mode));
        return item;
    }

    <T extends RunLoopItem> T add(T item) {
        return add(item, D);
    }

    RunLoopObserver watch(RunLoopMode mode) {
        return add(
                RunLoopObserver.of(
                        EnumSet.allOf(Activity.class),
                        (self, activity) -> say(
                                switch (activity) {
                                    case ENTRY -> "E";
                                    case BEFORE_TIMERS -> "T";
                                    case BEFORE_SOURCES -> "S";
                                    case BEFORE_WAITING -> "W";
                                    case AFTER_WAITING -> "A";
                                    case EXIT -> "X";
                                })),
                mode);
    }

    void watch() {
        watch(D);
    }

    RunLoopObserver observer(
            Set<Activity> activities, boolean repeats, long order, Consumer<RunLoopObserver> callback) {
        return RunLoopObserver.of(activities, repeats, order, (self, activity) -> callback.accept(self));
    }

    RunLoopObserver observer(Activity activity, boolean repeats, long order, Step callback) {
        return observer(Set.of(activity), repeats, order, self -> unchecked(callback));
    }

    RunLoopObserver once(Activity activity, Step callback) {
        return observer(activity, false, 1, callback);
    }

    SignalSource source(long order, Step perform) {
        return SignalSource.of(order, () -> unchecked(perform));
    }

    SignalSource source(Step perform) {
        return source(0, perform);
    }

    /** Adds a source and signals it. */
    SignalSource signalled(Step perform) {
        SignalSource source = add(source(perform));
        source.signal();
        return source;
    }

    /** Keeps the mode from being empty. */
    void keep() {
        keep(D);
    }

    void keep(RunLoopMode mode) {
        add(source(() -> {}), mode);
    }

    /** A source that says which modes it is added to and removed from. */
    SignalSource tracked(Step perform) {
        return SignalSource.of(0, new SignalSource.Handler() {
            @Override
            public void perform() {
                unchecked(perform);
            }

            @Override
            public void scheduled(RunLoop in, RunLoopMode mode) {
                say("+" + brief(mode) + " ");
            }

            @Override
            public void cancelled(RunLoop in, RunLoopMode mode) {
                say("-" + brief(mode) + " ");
            }
        });
    }

    private static String brief(RunLoopMode mode) {
        String name = mode.name().startsWith("k") ? mode.name().substring(10) : mode.name();
        return name.substring(0, Math.min(9, name.length()));
    }

    Port port(Step perform) {
        Port[] made = new Port[1];
        unchecked(() -> {
            ReceiveRight receive = Task.self().allocatePort();
            made[0] = new Port(receive, receive.makeSend(), PortSource.of(0, receive, message -> {
                unchecked(perform);
                return Optional.empty();
            }));
        });
        ports.add(made[0]);
        return made[0];
    }

    Port addPort(Step perform) {
        Port port = port(perform);
        add(port.source());
        return port;
    }

    RunLoopTimer timer(double in, double every, Consumer<RunLoopTimer> callback) {
        return timer(in(in), every, callback);
    }

    RunLoopTimer timer(Instant date, double every, Consumer<RunLoopTimer> callback) {
        return RunLoopTimer.of(date, time(every), 0, callback);
    }

    RunLoopTimer addTimer(double in, double every, Step callback) {
        return add(timer(in, every, self -> unchecked(callback)));
    }

    RunLoopTimer addTimer(double in, Step callback) {
        return addTimer(in, 0, callback);
    }

    void perform(RunLoopMode mode, Step action) {
        loop.perform(mode, () -> unchecked(action));
    }

    void sayModes() {
        List<String> names =
                loop.modes().stream().map(RunLoopMode::name).sorted().toList();
        say("[" + String.join(",", names) + ",]");
    }
}

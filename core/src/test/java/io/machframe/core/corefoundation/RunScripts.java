/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.corefoundation;

import static io.machframe.core.corefoundation.Trace.B;
import static io.machframe.core.corefoundation.Trace.D;
import static io.machframe.core.runloop.Activity.AFTER_WAITING;
import static io.machframe.core.runloop.Activity.BEFORE_SOURCES;
import static io.machframe.core.runloop.Activity.BEFORE_TIMERS;
import static io.machframe.core.runloop.Activity.BEFORE_WAITING;
import static io.machframe.core.runloop.Activity.ENTRY;
import static io.machframe.core.runloop.Activity.EXIT;

import io.machframe.core.runloop.RunLoopTimer;
import io.machframe.core.runloop.SignalSource;
import java.util.Map;

/** The questions about runs: their passes, how they end, wake-ups, nesting, time limits. */
final class RunScripts {
    private RunScripts() {}

    static void addTo(Map<String, Trace.Script> scripts) {
        passes(scripts);
        ends(scripts);
        wakeUps(scripts);
        nesting(scripts);
        limits(scripts);
    }

    private static void passes(Map<String, Trace.Script> scripts) {
        scripts.put("1", t -> {
            t.watch();
            t.signalled(() -> t.say("z"));
            t.addPort(() -> t.say("p")).ping();
            t.addTimer(-1000, () -> t.say("t"));
            t.snooze(20);
            t.run(200);
        });
        scripts.put("2", t -> {
            portAndTimer(t);
            t.run(200);
        });
        scripts.put("2b", t -> {
            portAndTimer(t);
            t.run(0);
            t.run(0);
        });
        scripts.put("2c", t -> {
            t.watch();
            Trace.Port port = t.addPort(() -> t.say("p"));
            port.ping();
            port.ping();
            port.ping();
            t.run(0);
            t.run(0);
            t.runUntilHandled(0);
            t.runUntilHandled(0);
        });
        scripts.put("4", t -> {
            t.watch();
            t.addTimer(50, () -> t.say("t"));
            t.runUntilHandled(200);
        });
        scripts.put("4b", t -> {
            t.watch();
            t.addTimer(50, 500, () -> t.say("t"));
            t.runUntilHandled(200);
        });
        scripts.put("5", t -> t.run(100));
        scripts.put("6", t -> {
            t.watch();
            t.run(100);
        });
        scripts.put("55", t -> {
            t.keep();
            t.add(t.observer(BEFORE_WAITING, true, 0, () -> t.say(t.loop.isWaiting())));
            t.add(t.observer(AFTER_WAITING, true, 0, () -> t.say(t.loop.isWaiting())));
            t.later(30, () -> t.say(t.loop.isWaiting()));
            t.run(80);
        });
        scripts.put("57", t -> {
            boolean[] inTime = new boolean[1];
            double start = t.elapsed();
            SignalSource[] source = new SignalSource[1];
            source[0] = t.signalled(() -> {
                if (t.elapsed() - start < 100) {
                    source[0].signal();
                }
            });
            t.addTimer(20, () -> inTime[0] = t.elapsed() - start < 90);
            t.run(200);
            t.say(" in time ");
            t.say(inTime[0]);
        });
        scripts.put("57b", t -> {
            boolean[] inTime = new boolean[1];
            int[] messages = new int[1];
            double start = t.elapsed();
            Trace.Port[] port = new Trace.Port[1];
            port[0] = t.addPort(() -> {
                messages[0]++;
                port[0].ping();
            });
            port[0].ping();
            port[0].ping();
            t.addTimer(20, () -> inTime[0] = t.elapsed() - start < 90);
            t.run(100);
            t.say(" in time ");
            t.say(inTime[0]);
            t.say(", more than 10 messages ");
            t.say(messages[0] > 10);
        });
        scripts.put("58", t -> {});
        scripts.put("58m", t -> {
            t.run(100);
            t.say(t.elapsed() > 50 ? " after 0.1 s" : " after 0 s");
        });
    }

    private static void portAndTimer(Trace t) {
        t.watch();
        t.addPort(() -> t.say("p")).ping();
        t.addTimer(-1000, () -> t.say("t"));
        t.snooze(20);
    }

    private static void ends(Map<String, Trace.Script> scripts) {
        scripts.put("7", t -> {
            t.watch();
            t.signalled(() -> sayAndStop(t, "z"));
            t.run(1000);
        });
        scripts.put("7b", t -> {
            t.watch();
            t.addTimer(20, 5000, () -> sayAndStop(t, "t"));
            t.run(1000);
        });
        scripts.put("8", t -> {
            t.watch();
            t.keep();
            t.add(t.observer(ENTRY, true, 1, () -> sayAndStop(t, "s")));
            t.run(300);
        });
        scripts.put("8b", t -> {
            t.watch();
            t.signalled(() -> t.say("z"));
            t.perform(D, () -> t.say("k"));
            t.add(t.once(ENTRY, () -> sayAndStop(t, "s")));
            t.run(100);
            t.run(100);
        });
        scripts.put("8c", t -> {
            t.watch();
            t.signalled(() -> t.say("z"));
            t.add(t.observer(BEFORE_TIMERS, true, 1, () -> sayAndStop(t, "s")));
            t.run(300);
        });
        scripts.put("8d", t -> {
            t.watch();
            t.keep();
            t.add(t.once(EXIT, () -> sayAndStop(t, "s")));
            t.run(20);
            t.run(100);
        });
        scripts.put("9", t -> {
            t.watch();
            t.keep();
            t.loop.stop();
            t.run(100);
        });
        scripts.put("9b", t -> {
            t.watch();
            t.keep();
            t.loop.stop();
            t.addTimer(20, () -> t.nest(50));
            t.run(200);
        });
        scripts.put("12", t -> {
            t.signalled(() -> {
                sayAndStop(t, "z");
                t.snooze(30);
            });
            t.runUntilHandled(10);
        });
        scripts.put("12b", t -> {
            t.signalled(() -> {
                sayAndStop(t, "z");
                t.snooze(30);
            });
            t.run(10);
        });
        scripts.put("12c", t -> {
            t.addTimer(10, t.loop::stop);
            t.run(1000);
        });
        scripts.put("12d", t -> {
            t.addTimer(10, () -> t.snooze(50));
            t.run(30);
        });
        scripts.put("99", t -> {
            t.keep();
            t.addTimer(10, () -> {
                t.perform(D, () -> {
                    t.loop.stop();
                    t.loop.stop();
                });
                t.nest(1000);
            });
            t.run(100);
        });
        scripts.put("110", t -> {
            t.keep();
            t.addTimer(10, 20, () -> sayAndStop(t, "t"));
            for (int i = 0; i < 2; i++) {
                t.loop.run();
                t.say("|");
            }
        });
        scripts.put("113", t -> {
            t.watch();
            t.keep();
            t.perform(D, () -> sayAndStop(t, "k"));
            t.run(300);
            t.say(" ");
            t.add(t.once(BEFORE_WAITING, () -> sayAndStop(t, "w")));
            t.run(300);
            t.say(" ");
            t.addTimer(20, () -> t.say("t"));
            t.add(t.once(AFTER_WAITING, () -> sayAndStop(t, "a")));
            t.run(300);
        });
    }

    private static void sayAndStop(Trace t, String what) {
        t.say(what);
        t.loop.stop();
    }

    private static void sayAndWake(Trace t, String what) {
        t.say(what);
        t.loop.wakeUp();
    }

    private static void wakeUps(Map<String, Trace.Script> scripts) {
        scripts.put("13", t -> {
            t.watch();
            t.keep();
            t.loop.wakeUp();
            t.run(50);
        });
        scripts.put("14", t -> {
            t.watch();
            t.keep();
            t.addTimer(20, () -> sayAndWake(t, "t"));
            t.run(100);
        });
        scripts.put("14b", t -> {
            t.watch();
            t.addPort(() -> sayAndWake(t, "p")).ping();
            t.run(100);
        });
        scripts.put("14c", t -> {
            t.watch();
            t.keep();
            t.addTimer(20, () -> t.say("t"));
            t.add(t.once(AFTER_WAITING, () -> sayAndWake(t, "w")));
            t.run(100);
        });
        scripts.put("15", t -> {
            t.watch();
            t.signalled(() -> sayAndWake(t, "z"));
            t.run(100);
        });
        scripts.put("15b", t -> {
            t.watch();
            t.keep();
            t.add(t.once(BEFORE_WAITING, () -> sayAndWake(t, "w")));
            t.run(100);
        });
        scripts.put("15c", t -> {
            t.watch();
            t.keep();
            t.perform(D, () -> sayAndWake(t, "k"));
            t.run(100);
        });
        scripts.put("16", t -> {
            t.watch();
            t.keep();
            t.later(50, () -> {
                t.loop.wakeUp();
                t.loop.wakeUp();
                t.loop.wakeUp();
            });
            t.run(200);
        });
        scripts.put("83", t -> {
            t.keep();
            t.add(t.observer(BEFORE_WAITING, false, 0, t.loop::wakeUp));
            t.add(t.once(BEFORE_WAITING, () -> t.nest(0)));
            t.watch();
            t.run(100);
        });
        scripts.put("83b", t -> {
            t.keep();
            t.keep(B);
            t.add(t.observer(BEFORE_SOURCES, false, 0, t.loop::wakeUp));
            t.add(t.once(BEFORE_WAITING, () -> {
                t.say("(");
                t.run(B, 0, false);
                t.say(")");
            }));
            t.watch();
            t.run(100);
        });
    }

    private static void nesting(Map<String, Trace.Script> scripts) {
        scripts.put("10", t -> {
            t.keep();
            t.addTimer(20, () -> {
                t.addTimer(20, () -> sayAndStop(t, "u"));
                t.nest(1000);
            });
            t.run(200);
        });
        scripts.put("11", t -> {
            t.keep();
            t.addTimer(20, () -> {
                t.nest(20);
                t.loop.stop();
            });
            t.run(1000);
        });
        scripts.put("11b", t -> {
            t.keep();
            t.addTimer(20, () -> {
                t.loop.stop();
                t.nest(50);
            });
            t.run(1000);
        });
        scripts.put("17", t -> {
            SignalSource z = t.add(t.source(() -> t.say("z")));
            SignalSource y = t.add(t.source(() -> t.say("y")), B);
            t.addTimer(20, () -> {
                z.signal();
                y.signal();
                t.say("(");
                t.run(B, 20, false);
                t.say(")");
            });
            t.keep();
            t.run(100);
        });
        scripts.put("47", t -> {
            t.addTimer(10, () -> t.nest(50));
            t.run(1000);
        });
        scripts.put("47b", t -> {
            int[] fired = new int[1];
            t.addTimer(10, 20, () -> {
                t.say("t");
                if (fired[0]++ == 0) {
                    t.nest(100);
                } else {
                    t.loop.stop();
                }
            });
            t.run(1000);
        });
        scripts.put("48", t -> {
            t.keep();
            int[] notified = new int[1];
            t.add(t.observer(BEFORE_TIMERS, true, 0, () -> {
                t.say("o");
                if (notified[0]++ == 0) {
                    t.nest(0);
                }
            }));
            t.run(0);
        });
        scripts.put("54", t -> {
            t.keep();
            t.say(t.loop.currentMode().isPresent());
            t.perform(D, () -> t.say(t.loop.currentMode().orElseThrow() + ","));
            t.run(0);
            t.say(" ");
            t.say(t.loop.currentMode().isPresent());
        });
        scripts.put("70", t -> {
            int[] performed = new int[1];
            SignalSource[] source = new SignalSource[1];
            source[0] = t.signalled(() -> {
                t.say("z");
                if (performed[0]++ == 0) {
                    source[0].signal();
                    t.nest(0);
                }
            });
            t.run(0);
        });
        scripts.put("72", t -> {
            t.keep();
            t.addTimer(10, () -> {
                t.say("(");
                Thread stopper = t.later(30, t.loop::stop);
                t.run(1000);
                stopper.join();
                t.say(")");
            });
            t.run(150);
        });
        scripts.put("81", t -> {
            t.watch();
            t.keep();
            t.addTimer(10, () -> t.nest(0));
            t.run(50);
        });
        scripts.put("86", t -> {
            t.signalled(() -> t.nest(0));
            t.addTimer(-1000, () -> t.say("t"));
            t.snooze(20);
            t.run(50);
        });
        scripts.put("86b", t -> {
            t.keep();
            t.addTimer(10, 5000, () -> {
                t.say("a");
                t.nest(0);
            });
            t.addTimer(20, 5000, () -> t.say("b"));
            t.snooze(50);
            t.run(50);
        });
    }

    private static void limits(Map<String, Trace.Script> scripts) {
        scripts.put("46", t -> {
            t.watch();
            t.addTimer(-1000, 5000, () -> t.say("t"));
            t.snooze(20);
            t.run(0);
        });
        scripts.put("46b", t -> {
            t.watch();
            t.keep();
            t.run(-1000);
        });
        scripts.put("46c", t -> {
            t.watch();
            t.signalled(() -> t.say("z"));
            t.runUntilHandled(0);
        });
        scripts.put("49", t -> {
            t.watch();
            SignalSource[] source = new SignalSource[1];
            source[0] = t.signalled(() -> {
                t.say("z");
                t.loop.remove(source[0], D);
            });
            t.run(1000);
        });
        scripts.put("50", t -> {
            SignalSource source = t.add(t.source(() -> {}));
            t.later(50, () -> t.loop.remove(source, D));
            sayWhetherItSleptOn(t);
        });
        scripts.put("50b", t -> {
            RunLoopTimer timer = t.addTimer(9000, () -> {});
            t.later(50, timer::invalidate);
            sayWhetherItSleptOn(t);
        });
        scripts.put("111", t -> {
            t.watch();
            t.signalled(() -> {
                t.say("z");
                t.snooze(40);
            });
            t.addPort(() -> t.say("p")).ping();
            t.run(20);
        });
    }

    private static void sayWhetherItSleptOn(Trace t) {
        double start = t.elapsed();
        t.run(500);
        t.say(t.elapsed() - start > 400 ? " slept on" : " woke");
    }
}

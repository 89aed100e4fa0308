/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.corefoundation;

import static io.machframe.core.corefoundation.Trace.B;
import static io.machframe.core.corefoundation.Trace.C;
import static io.machframe.core.corefoundation.Trace.COMMON;
import static io.machframe.core.corefoundation.Trace.D;
import static io.machframe.core.corefoundation.Trace.Q;
import static io.machframe.core.runloop.Activity.AFTER_WAITING;
import static io.machframe.core.runloop.Activity.BEFORE_TIMERS;
import static io.machframe.core.runloop.Activity.BEFORE_WAITING;
import static io.machframe.core.runloop.Activity.ENTRY;
import static io.machframe.core.runloop.Activity.EXIT;

import io.machframe.core.runloop.RunLoopItem;
import io.machframe.core.runloop.RunLoopObserver;
import io.machframe.core.runloop.SignalSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The questions about sources, observers, modes and what is given to be performed. */
final class SourceScripts {
    private SourceScripts() {}

    static void addTo(Map<String, Trace.Script> scripts) {
        observers(scripts);
        signals(scripts);
        tracked(scripts);
        modes(scripts);
        actions(scripts);
    }

    private static void observers(Map<String, Trace.Script> scripts) {
        scripts.put("27", t -> {
            t.keep();
            RunLoopObserver once = t.add(t.observer(Set.of(BEFORE_TIMERS), false, 0, self -> {
                t.say("o");
                t.say(self.isValid());
            }));
            t.run(0);
            t.run(0);
            t.say(" ");
            t.say(once.isValid());
        });
        scripts.put("27b", t -> {
            t.keep();
            t.add(t.observer(Set.of(ENTRY, EXIT), false, 0, self -> t.say("o")));
            t.run(0);
        });
        scripts.put("28", t -> firstOfTwoObservers(t, second -> t.loop.remove(second, D), 2));
        scripts.put("28b", t -> firstOfTwoObservers(t, RunLoopItem::invalidate, 1));
        scripts.put("28c", t -> {
            t.keep();
            RunLoopObserver b = t.observer(BEFORE_TIMERS, true, 1, () -> t.say("b"));
            t.add(t.observer(BEFORE_TIMERS, true, 0, () -> {
                t.say("a");
                t.add(b);
            }));
            t.run(0);
            t.run(0);
        });
        scripts.put("66", t -> {
            t.loop.addCommonMode(B);
            t.keep(B);
            t.watch(COMMON);
            t.run(B, 0, false);
        });
        scripts.put("76", t -> {
            t.watch();
            t.keep();
            Trace.Port port = t.addPort(() -> t.say("p"));
            port.ping();
            t.add(t.once(AFTER_WAITING, () -> {
                t.say("w");
                t.loop.remove(port.source(), D);
            }));
            t.run(100);
        });
        scripts.put("82", t -> {
            t.keep();
            t.add(t.observer(EXIT, true, 2, () -> t.say("2")));
            t.add(t.observer(EXIT, true, 1, () -> t.say("1")));
            t.run(0);
        });
        scripts.put("91", t -> {
            SignalSource source = t.add(t.source(() -> {}));
            t.watch();
            t.add(t.once(ENTRY, () -> {
                t.say("r");
                t.loop.remove(source, D);
            }));
            t.run(50);
        });
        scripts.put("104", t -> {
            t.keep();
            RunLoopObserver observer = t.add(t.observer(ENTRY, true, 0, () -> t.say("o")), COMMON);
            t.add(observer);
            t.run(0);
            t.loop.remove(observer, COMMON);
            t.say(t.loop.contains(observer, D));
            t.say(t.loop.contains(observer, COMMON));
            t.run(0);
        });
        scripts.put("106", t -> {
            t.keep();
            t.add(t.observer(Set.of(BEFORE_TIMERS), true, 0, self -> {
                t.say("o");
                t.loop.remove(self, D);
            }));
            RunLoopObserver once = t.add(t.observer(Set.of(BEFORE_TIMERS), false, 0, self -> {
                t.say("p");
                t.loop.remove(self, D);
            }));
            t.run(0);
            t.run(0);
            t.say(once.isValid());
        });
        scripts.put("107", t -> {
            t.keep();
            t.keep(B);
            t.add(t.observer(Set.of(BEFORE_TIMERS), true, 0, self -> {
                t.say("p");
                t.loop.remove(self, D);
                t.add(self, B);
            }));
            t.run(0);
            t.run(B, 0, false);
        });
        scripts.put("112", t -> {
            t.keep();
            t.add(t.observer(BEFORE_TIMERS, true, 5, () -> t.say("5")));
            t.add(t.observer(ENTRY, true, 0, () -> t.add(t.observer(BEFORE_TIMERS, true, -5, () -> t.say("-5")))));
            t.run(0);
        });
    }

    private interface Change {
        void to(RunLoopItem item);
    }

    private static void firstOfTwoObservers(Trace t, Change change, int runs) {
        t.keep();
        RunLoopObserver b = t.observer(BEFORE_TIMERS, true, 1, () -> t.say("b"));
        t.add(t.observer(BEFORE_TIMERS, true, 0, () -> {
            t.say("a");
            change.to(b);
        }));
        t.add(b);
        for (int i = 0; i < runs; i++) {
            t.run(0);
        }
    }

    private static void signals(Map<String, Trace.Script> scripts) {
        scripts.put("29", t -> {
            firstOfTwoSignalled(t, second -> t.loop.remove(second, D));
            t.run(0);
            t.run(0);
        });
        scripts.put("29b", t -> {
            firstOfTwoSignalled(t, RunLoopItem::invalidate);
            t.run(0);
        });
        scripts.put("30", t -> {
            t.watch();
            SignalSource y = t.source(1, () -> t.say("y"));
            SignalSource z = t.source(() -> {
                t.say("z");
                y.signal();
            });
            t.add(y);
            t.add(z);
            z.signal();
            t.run(50);
        });
        scripts.put("30b", t -> {
            t.watch();
            int[] performed = new int[1];
            SignalSource[] z = new SignalSource[1];
            z[0] = t.signalled(() -> {
                t.say("z");
                if (performed[0]++ < 2) {
                    z[0].signal();
                }
            });
            t.run(50);
        });
        scripts.put("31", t -> {
            SignalSource z = t.source(() -> t.say("z"));
            SignalSource y = t.source(() -> t.say("y"));
            t.add(y);
            t.add(z);
            z.signal();
            y.signal();
            t.runUntilHandled(1000);
            t.runUntilHandled(1000);
        });
        scripts.put("31b", t -> {
            t.watch();
            t.signalled(() -> t.say("z"));
            t.addPort(() -> t.say("p")).ping();
            t.runUntilHandled(1000);
            t.runUntilHandled(50);
        });
        scripts.put("31c", t -> {
            t.watch();
            SignalSource z = t.add(t.source(() -> t.say("z")));
            t.addTimer(20, () -> {
                t.say("t");
                z.signal();
            });
            t.run(100);
        });
        scripts.put("31d", t -> {
            t.watch();
            SignalSource z = t.add(t.source(() -> t.say("z")));
            t.add(t.once(BEFORE_WAITING, () -> {
                t.say("w");
                z.signal();
            }));
            t.run(100);
        });
        scripts.put("33", t -> {
            t.watch();
            SignalSource y = t.source(1, () -> t.say("y"));
            t.signalled(() -> {
                t.say("z");
                t.add(y);
                y.signal();
            });
            t.run(50);
        });
        scripts.put("52", t -> {
            SignalSource z = t.add(t.source(() -> t.say("z")));
            t.add(z, B);
            z.signal();
            t.run(B, 0, false);
            t.run(0);
        });
        scripts.put("53", t -> {
            SignalSource z = t.source(() -> t.say("z"));
            z.signal();
            t.say(z.isSignalled());
            t.add(z);
            t.run(0);
            t.say(" ");
            t.say(z.isSignalled());
        });
        scripts.put("53b", t -> {
            SignalSource[] z = new SignalSource[1];
            z[0] = t.signalled(() -> t.say(z[0].isSignalled()));
            t.run(0);
            z[0].invalidate();
            z[0].signal();
            t.say(" ");
            t.say(z[0].isSignalled());
        });
        scripts.put("75", t -> {
            t.watch();
            t.keep();
            t.add(t.once(BEFORE_WAITING, () -> {
                t.say("w");
                t.addPort(() -> t.say("p")).ping();
            }));
            t.run(100);
        });
        scripts.put("98", t -> {
            for (int order = 5; order >= -1; order -= 3) {
                int number = order;
                SignalSource source = t.add(t.source(order, () -> t.say(number + " ")));
                source.signal();
            }
            t.run(0);
        });
    }

    private static void firstOfTwoSignalled(Trace t, Change change) {
        t.keep();
        SignalSource y = t.source(1, () -> t.say("y"));
        SignalSource z = t.source(() -> {
            t.say("z");
            change.to(y);
        });
        t.add(z);
        t.add(y);
        z.signal();
        y.signal();
    }

    private static void tracked(Map<String, Trace.Script> scripts) {
        scripts.put("60", t -> {
            t.loop.addCommonMode(B);
            SignalSource source = t.add(t.tracked(() -> {}), COMMON);
            t.say("| ");
            source.invalidate();
        });
        scripts.put("61", t -> {
            t.loop.addCommonMode(B);
            SignalSource source = t.add(t.tracked(() -> {}), COMMON);
            t.say("| ");
            t.loop.remove(source, COMMON);
        });
        scripts.put("62", t -> {
            SignalSource source = t.add(t.tracked(() -> {}));
            t.add(source);
            t.say("| ");
            t.loop.remove(source, D);
            t.loop.remove(source, D);
        });
        scripts.put("62b", t -> {
            SignalSource source = t.tracked(() -> {});
            source.invalidate();
            t.add(source);
            t.say(t.loop.contains(source, D));
        });
        scripts.put("62c", t -> {
            t.keep();
            SignalSource[] source = new SignalSource[1];
            source[0] = t.add(t.tracked(() -> {
                t.say("z( ");
                source[0].invalidate();
                t.say(") ");
            }));
            source[0].signal();
            t.run(0);
        });
        scripts.put("108", t -> {
            t.keep();
            SignalSource[] z = new SignalSource[1];
            z[0] = t.add(
                    t.source(() -> {
                        t.say("z");
                        t.loop.remove(z[0], COMMON);
                        z[0].signal();
                    }),
                    COMMON);
            z[0].signal();
            t.run(0);
            t.run(0);
            t.add(z[0]);
            t.run(0);
        });
    }

    private static void modes(Map<String, Trace.Script> scripts) {
        scripts.put("34", t -> {
            SignalSource z = t.add(t.source(() -> {}), COMMON);
            t.loop.addCommonMode(B);
            t.say(t.loop.contains(z, B));
            t.say(t.loop.contains(z, D));
            t.say(t.loop.contains(z, COMMON));
        });
        scripts.put("34b", t -> {
            t.loop.addCommonMode(B);
            t.sayModes();
        });
        scripts.put("34c", t -> {
            SignalSource z = t.add(t.source(() -> {}), COMMON);
            t.loop.remove(z, D);
            t.loop.addCommonMode(C);
            t.say(t.loop.contains(z, C));
            t.say(t.loop.contains(z, D));
            t.say(t.loop.contains(z, COMMON));
        });
        scripts.put("34d", t -> {
            for (RunLoopItem item :
                    List.of(t.source(() -> {}), t.timer(9000, 0, self -> {}), t.observer(ENTRY, true, 0, () -> {}))) {
                t.add(item);
                t.loop.remove(item, COMMON);
                t.say(t.loop.contains(item, D));
            }
        });
        scripts.put("35", Trace::sayModes);
        scripts.put("36", t -> {
            t.run(Q, 0, false);
            t.say(" ");
            t.sayModes();
        });
        scripts.put("37", t -> {
            t.perform(Q, () -> {});
            t.perform(COMMON, () -> {});
            t.sayModes();
        });
        scripts.put("43", t -> {
            SignalSource z = t.add(t.source(() -> t.say("z")), COMMON);
            z.signal();
            try {
                t.run(COMMON, 50, false);
            } catch (IllegalArgumentException e) {
                t.say("refused");
            }
        });
    }

    private static void actions(Map<String, Trace.Script> scripts) {
        scripts.put("38", t -> {
            t.watch();
            t.signalled(() -> {
                t.say("z");
                t.perform(D, () -> t.say("m"));
            });
            t.perform(D, () -> t.say("k"));
            t.perform(COMMON, () -> t.say("l"));
            t.run(50);
        });
        scripts.put("39", t -> {
            t.watch();
            t.keep();
            t.later(30, () -> t.perform(D, () -> t.say("k")));
            double start = t.elapsed();
            t.run(150);
            t.say(" ");
            t.say(t.elapsed() - start > 140);
        });
        scripts.put("39b", t -> {
            t.watch();
            t.keep();
            t.addTimer(20, () -> {
                t.say("t");
                t.perform(D, () -> t.say("k"));
            });
            t.run(100);
        });
        scripts.put("39c", t -> {
            t.watch();
            t.keep();
            t.add(t.once(BEFORE_WAITING, () -> {
                t.say("w");
                t.perform(D, () -> t.say("k"));
            }));
            t.run(100);
        });
        scripts.put("40", t -> {
            t.watch();
            t.keep();
            t.perform(D, () -> {
                t.say("k");
                t.perform(D, () -> t.say("l"));
            });
            t.perform(D, () -> t.say("m"));
            t.run(50);
        });
        scripts.put("42", t -> {
            t.watch();
            t.perform(D, () -> t.say("k"));
            t.run(1000);
            t.run(1000);
        });
        scripts.put("42b", t -> {
            t.keep();
            t.loop.perform(List.of(D, B), () -> t.say("k"));
            t.run(B, 0, false);
            t.run(0);
        });
        scripts.put("63", t -> {
            t.keep();
            t.keep(Q);
            t.perform(COMMON, () -> t.say("k"));
            t.run(Q, 0, false);
            t.run(0);
        });
        scripts.put("63b", t -> {
            t.perform(COMMON, () -> t.say("k"));
            t.run(Q, 50, false);
            t.run(50);
        });
        scripts.put("78", t -> {
            t.watch();
            t.keep();
            t.perform(D, () -> t.say("k"));
            t.runUntilHandled(50);
        });
        scripts.put("90", t -> {
            t.keep();
            t.add(t.once(EXIT, () -> t.perform(D, () -> t.say("k"))));
            t.run(0);
            t.run(0);
        });
        scripts.put("105", t -> {
            t.perform(COMMON, () -> t.say("k"));
            t.loop.addCommonMode(Q);
            t.run(Q, 0, false);
        });
        scripts.put("114", t -> {
            SignalSource y = t.add(t.source(() -> t.say("y")));
            t.signalled(() -> {
                t.say("z");
                t.perform(D, () -> {
                    t.say("k");
                    y.signal();
                });
            });
            t.runUntilHandled(1000);
            t.runUntilHandled(1000);
        });
    }
}

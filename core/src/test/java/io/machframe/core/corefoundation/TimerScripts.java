/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.corefoundation;

import static io.machframe.core.corefoundation.Trace.B;
import static io.machframe.core.corefoundation.Trace.COMMON;
import static io.machframe.core.corefoundation.Trace.D;
import static io.machframe.core.corefoundation.Trace.Q;
import static io.machframe.core.runloop.Activity.AFTER_WAITING;
import static io.machframe.core.runloop.Activity.BEFORE_WAITING;

import io.machframe.core.runloop.RunLoopTimer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The questions about timers: their dates, what their callbacks may change, which of them fire in one pass. */
final class TimerScripts {
    private TimerScripts() {}

    static void addTo(Map<String, Trace.Script> scripts) {
        dates(scripts);
        moves(scripts);
        validity(scripts);
        several(scripts);
        otherThreads(scripts);
    }

    private static void dates(Map<String, Trace.Script> scripts) {
        scripts.put("18", t -> {
            int[] fired = new int[1];
            t.addTimer(100, 100, () -> {
                t.sayTime();
                if (++fired[0] == 1) {
                    t.snooze(250);
                }
            });
            t.run(750);
        });
        scripts.put("19", t -> {
            t.addTimer(-350, 400, t::sayTime);
            t.run(600);
        });
        scripts.put("20", t -> {
            RunLoopTimer timer = t.timer(-5000, 1000, self -> {});
            t.sayDate(timer.nextFireDate(), "%.1f");
            t.add(timer);
            t.sayDate(timer.nextFireDate(), " %.1f");
            t.sayDate(t.loop.nextTimerFireDate(D).orElseThrow(), " %.1f");
        });
        scripts.put("45", t -> {
            t.keep();
            RunLoopTimer timer = t.timer(10, -1000, self -> t.say("t"));
            t.say(timer.repeats());
            t.say(timer.interval().toSeconds() + " ");
            t.add(timer);
            t.run(100);
            t.say(" ");
            t.say(timer.isValid());
        });
        scripts.put("95", t -> {
            t.keep();
            RunLoopTimer timer = t.addTimer(100, 100, () -> {});
            t.snooze(150);
            t.run(0);
            t.sayDate(timer.nextFireDate(), "%.1f");
        });
        scripts.put("97", t -> {
            RunLoopTimer timer = t.addTimer(-86_000_000, 3_600_000, () -> t.say("t"));
            t.snooze(5);
            t.run(0);
            t.say(String.format(" %.2f", t.seconds(timer.nextFireDate()) / 3600));
        });
        scripts.put("109", t -> {
            t.addTimer(3000, () -> {});
            t.add(t.timer(2000, 0, self -> {}), B);
            t.sayDate(t.loop.nextTimerFireDate(D).orElseThrow(), "%.0f ");
            t.sayDate(t.loop.nextTimerFireDate(B).orElseThrow(), "%.0f ");
            t.sayDate(t.loop.nextTimerFireDate(Q).orElse(t.at(0)), "%.0f");
        });
        scripts.put("23", t -> {
            RunLoopTimer repeating = t.timer(5000, 4000, self -> {});
            RunLoopTimer once = t.timer(5000, 0, self -> {});
            sayTolerance(t, repeating, 10_000);
            sayTolerance(t, repeating, -1000);
            sayTolerance(t, once, -1000);
            sayTolerance(t, once, 7000);
        });
    }

    private static void sayTolerance(Trace t, RunLoopTimer timer, double millis) {
        timer.setTolerance(Duration.between(t.at(0), t.at(millis)));
        Instant tolerated = t.at(0).plus(timer.tolerance());
        t.sayDate(tolerated, "%.0f ");
    }

    private static void moves(Map<String, Trace.Script> scripts) {
        scripts.put("22", t -> {
            firstMovesItself(t, 100, () -> t.in(250));
            t.run(600);
        });
        scripts.put("22b", t -> {
            firstMovesItself(t, 200, () -> t.at(-1000));
            t.run(600);
        });
        scripts.put("22c", t -> {
            firstMovesItself(t, 200, () -> t.in(50));
            t.run(600);
        });
        scripts.put("22d", t -> {
            RunLoopTimer timer = t.add(t.timer(20, 0, self -> {
                t.say("t");
                self.setNextFireDate(t.in(50));
            }));
            t.run(200);
            t.say(" ");
            t.say(timer.isValid());
        });
        scripts.put("22e", t -> {
            RunLoopTimer timer = t.timer(5000, 0, self -> t.say("t"));
            timer.setNextFireDate(t.at(50));
            t.sayDate(timer.nextFireDate(), "%.2f ");
            t.add(timer);
            t.run(200);
            t.sayDate(timer.nextFireDate(), " %.1f");
        });
        scripts.put("94", t -> {
            RunLoopTimer timer = t.addTimer(5000, 200, t::sayTime);
            timer.setNextFireDate(t.at(-150));
            t.run(500);
        });
        scripts.put("102", t -> {
            t.keep();
            RunLoopTimer[] b = new RunLoopTimer[1];
            t.addTimer(10, () -> {
                t.say("a");
                b[0].setNextFireDate(t.in(50));
            });
            b[0] = t.addTimer(20, () -> t.say("b"));
            t.snooze(40);
            t.run(0);
            t.say("|");
            t.run(200);
        });
        scripts.put("103", t -> {
            t.watch();
            t.keep();
            RunLoopTimer[] b = new RunLoopTimer[1];
            t.addTimer(10, () -> {
                t.say("a");
                b[0].setNextFireDate(t.in(-1000));
            });
            b[0] = t.addTimer(5000, () -> t.say("b"));
            t.run(100);
        });
    }

    private interface DateSource {
        Instant get();
    }

    private static void firstMovesItself(Trace t, double every, DateSource date) {
        int[] fired = new int[1];
        t.add(t.timer(100, every, self -> {
            t.sayTime();
            if (fired[0]++ == 0) {
                self.setNextFireDate(date.get());
            }
        }));
    }

    private static void validity(Map<String, Trace.Script> scripts) {
        scripts.put("21", t -> {
            RunLoopTimer timer = t.add(t.timer(10, 0, self -> t.say(self.isValid())));
            t.run(100);
            t.say(" ");
            t.say(timer.isValid());
        });
        scripts.put("21b", t -> {
            t.add(t.timer(10, 0, self -> {
                t.say(self.repeats());
                t.say(t.loop.contains(self, D));
            }));
            t.run(100);
        });
        scripts.put("67", t -> {
            t.keep();
            RunLoopTimer timer = t.add(t.timer(20, 0, self -> {
                t.say("t");
                t.loop.remove(self, D);
                t.add(self);
                t.say(t.loop.contains(self, D));
            }));
            t.run(100);
            t.say(" ");
            t.say(timer.isValid());
            t.say(t.loop.contains(timer, D));
        });
        scripts.put("68", t -> {
            t.keep();
            t.add(t.timer(100, 200, self -> {
                t.sayTime();
                t.loop.remove(self, D);
                t.add(self);
            }));
            t.run(600);
        });
        scripts.put("68b", t -> {
            t.keep();
            int[] fired = new int[1];
            t.add(t.timer(100, 200, self -> {
                t.sayTime();
                if (fired[0]++ == 0) {
                    t.loop.remove(self, D);
                    t.addTimer(100, () -> {
                        t.say("v");
                        t.add(self);
                    });
                }
            }));
            t.run(750);
        });
        scripts.put("69", t -> {
            t.keep();
            t.keep(B);
            RunLoopTimer timer = t.add(t.timer(20, 40, self -> {
                t.say("t");
                t.loop.remove(self, D);
                t.add(self, B);
            }));
            t.run(100);
            t.say(" ");
            t.say(t.loop.contains(timer, D));
            t.say(t.loop.contains(timer, B));
            t.say(" ");
            t.run(B, 50, false);
        });
        scripts.put("85", t -> {
            t.loop.addCommonMode(B);
            RunLoopTimer timer = t.add(t.timer(10, 0, self -> t.say("t")), COMMON);
            t.run(B, 100, false);
            t.say(" ");
            t.say(t.loop.contains(timer, D));
            t.run(50);
        });
        scripts.put("92", t -> {
            t.add(t.timer(10, 10, self -> {
                t.say("t");
                self.invalidate();
                t.say(t.loop.contains(self, D));
            }));
            t.run(100);
        });
    }

    private static void several(Map<String, Trace.Script> scripts) {
        scripts.put("3", t -> {
            t.watch();
            t.keep();
            RunLoopTimer b = t.timer(20, 0, self -> t.say("b"));
            RunLoopTimer a = t.timer(10, 0, self -> t.say("a"));
            t.add(b);
            t.add(a);
            t.snooze(60);
            t.run(100);
        });
        scripts.put("24", t -> {
            firstOfTwoDue(t, RunLoopTimer::invalidate);
            t.run(100);
        });
        scripts.put("24b", t -> {
            firstOfTwoDue(t, b -> t.loop.remove(b, D));
            t.run(100);
        });
        scripts.put("24c", t -> {
            t.add(firstOfTwoDue(t, b -> t.loop.remove(b, D)), B);
            t.run(100);
        });
        scripts.put("24d", t -> {
            t.watch();
            t.keep();
            t.addTimer(10, () -> {
                t.say("a");
                t.addTimer(-1000, () -> t.say("b"));
            });
            t.run(100);
        });
        scripts.put("25", t -> {
            t.keep();
            Instant date = t.in(50);
            RunLoopTimer a = RunLoopTimer.of(date, Duration.ZERO, 9, self -> t.say("a"));
            RunLoopTimer b = RunLoopTimer.of(date, Duration.ZERO, -9, self -> t.say("b"));
            t.add(b);
            t.add(a);
            t.snooze(80);
            t.run(100);
        });
        scripts.put("74", t -> {
            t.watch();
            t.keep();
            t.add(t.once(BEFORE_WAITING, () -> {
                t.say("w");
                t.addTimer(-1000, () -> t.say("t"));
            }));
            t.run(100);
        });
        scripts.put("76b", t -> {
            t.watch();
            t.keep();
            RunLoopTimer timer = t.addTimer(20, () -> t.say("t"));
            t.add(t.once(AFTER_WAITING, () -> {
                t.say("w");
                timer.invalidate();
            }));
            t.run(100);
        });
        scripts.put("96", t -> {
            t.keep();
            boolean[] firstWasLast = new boolean[1];
            int[] swapped = new int[1];
            for (int i = 0; i < 20; i++) {
                Instant date = t.in(50);
                t.add(t.timer(date, 0, self -> firstWasLast[0] = true));
                t.add(t.timer(date, 0, self -> {
                    swapped[0] += firstWasLast[0] ? 0 : 1;
                    firstWasLast[0] = false;
                }));
            }
            t.snooze(80);
            t.run(50);
            t.say(swapped[0] > 0 ? " sometimes" : " never");
        });
        scripts.put("101", t -> {
            t.watch();
            t.keep();
            t.addTimer(10, () -> {
                t.say("a");
                t.snooze(50);
            });
            t.addTimer(30, () -> t.say("b"));
            t.run(100);
        });
    }

    private interface Change {
        void to(RunLoopTimer timer);
    }

    /** Two timers are due, and the first changes the second, which is returned. */
    private static RunLoopTimer firstOfTwoDue(Trace t, Change change) {
        t.keep();
        RunLoopTimer[] b = new RunLoopTimer[1];
        t.addTimer(10, () -> {
            t.say("a");
            change.to(b[0]);
        });
        b[0] = t.addTimer(20, () -> t.say("b"));
        t.snooze(50);
        return b[0];
    }

    private static void otherThreads(Map<String, Trace.Script> scripts) {
        scripts.put("51", t -> {
            t.watch();
            t.keep();
            t.later(30, () -> t.addTimer(30, () -> t.say("t")));
            t.run(200);
        });
        scripts.put("65", t -> {
            t.watch();
            RunLoopTimer timer = t.addTimer(9000, () -> t.say("t"));
            t.later(30, () -> timer.setNextFireDate(t.at(60)));
            t.run(500);
        });
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.lifetime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Reports owners that were forgotten instead of closed. The system property {@code machframe.leaks} says how:
 *
 * <ul>
 *   <li>{@code off}: they are released silently;
 *   <li>{@code warn} (the default): each is logged once, when the garbage collector finds it;
 *   <li>{@code trace}: the log says where it was made, and what is open can be listed. Costs a stack trace per owner.
 * </ul>
 */
public final class LeakDetector {
    private enum Level {
        OFF,
        WARN,
        TRACE
    }

    private static final System.Logger LOG = System.getLogger(LeakDetector.class.getName());
    private static final Level LEVEL = level(System.getProperty("machframe.leaks", "warn"));
    private static final Set<Hold.State> OPEN = ConcurrentHashMap.newKeySet();
    private static final AtomicLong LEAKED = new AtomicLong();

    private LeakDetector() {}

    /** Returns how many owners were found forgotten since the start. */
    public static long leaked() {
        return LEAKED.get();
    }

    /** Returns what is open now, each with the place it was made at; empty unless the level is {@code trace}. */
    public static List<String> open() {
        List<String> list = new ArrayList<>();
        for (Hold.State state : OPEN) {
            list.add(state.what + describe(state.origin));
        }
        return list;
    }

    /** Returns where the caller is, for an owner of its own kind; empty unless the level is {@code trace}. */
    public static Optional<Throwable> trace() {
        return LEVEL == Level.TRACE ? Optional.of(new Throwable("made here")) : Optional.empty();
    }

    /** Reports an owner of the caller's own kind that was forgotten. */
    public static void forgotten(String what, Optional<Throwable> origin) {
        if (LEVEL != Level.OFF) {
            String advice = LEVEL == Level.TRACE ? "" : "; run with -Dmachframe.leaks=trace to learn where it was made";
            LOG.log(System.Logger.Level.WARNING, what + " was forgotten, not closed" + advice, origin.orElse(null));
        }
        LEAKED.incrementAndGet(); // last: who sees the count sees the report
    }

    static @Nullable Throwable opened(Hold.State state) {
        if (LEVEL == Level.TRACE) {
            OPEN.add(state);
        }
        return trace().orElse(null);
    }

    static void ended(Hold.State state) {
        if (LEVEL == Level.TRACE) {
            OPEN.remove(state);
        }
    }

    static void report(Hold.State state) {
        forgotten(state.what, Optional.ofNullable(state.origin));
    }

    private static String describe(@Nullable Throwable origin) {
        if (origin == null) {
            return "";
        }
        for (StackTraceElement frame : origin.getStackTrace()) {
            if (!frame.getClassName().startsWith("io.machframe.core.lifetime.")
                    && !frame.getClassName().startsWith("io.machframe.core.port.")) {
                return " made at " + frame;
            }
        }
        return "";
    }

    private static Level level(String property) {
        try {
            return Level.valueOf(property.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("machframe.leaks is off, warn or trace, not " + property, e);
        }
    }
}

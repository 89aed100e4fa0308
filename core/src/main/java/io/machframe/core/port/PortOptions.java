/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.platform.Mach;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How a port is made, {@code mach_port_options_t}. Immutable; each {@code with} method returns another.
 *
 * <p>A receive right has one word of its own: its guard or its context, not both. A <em>guard</em> is asked of whoever
 * destroys the right by its raw name, so that a stray release elsewhere in the process cannot hit it; on macOS a wrong
 * one ends the process. A <em>context</em> comes with each message, so that a receiver knows which port it came to
 * without looking the name up.
 *
 * @param queueLimit how many messages wait in the queue before senders have to, 0 to 1024; with 0 only send-once rights
 *     can send
 * @param protection what {@code value} is
 * @param value the guard or the context; 0 for a random guard
 */
public record PortOptions(int queueLimit, Protection protection, long value) {
    /** What becomes of the word of a receive right. */
    public enum Protection {
        /** It is the context, which can be changed, and everybody can destroy the right. */
        CONTEXT,
        /** It is the guard. */
        GUARD,
        /** It is a guard that cannot be read nor changed by who has only the name, {@code MPO_STRICT}. */
        STRICT_GUARD
    }

    private static final PortOptions DEFAULTS = new PortOptions(Mach.MACH_PORT_QLIMIT_DEFAULT, Protection.GUARD, 0);

    /** Refuses a queue limit out of range. */
    public PortOptions {
        requireQueueLimit(queueLimit);
    }

    /** A queue of 5 messages, the default of Mach, and a random guard. */
    public static PortOptions defaults() {
        return DEFAULTS;
    }

    /** As these with another queue limit, {@code MPO_QLIMIT}. */
    public PortOptions withQueueLimit(int limit) {
        return new PortOptions(limit, protection, value);
    }

    /** As these with a guard of the caller's choice, {@code MPO_CONTEXT_AS_GUARD}; not 0. */
    public PortOptions withGuard(long guard) {
        return new PortOptions(queueLimit, Protection.GUARD, requireGuard(guard));
    }

    /** As these with a guard that the raw name does not give away, {@code MPO_STRICT}; not 0. */
    public PortOptions withStrictGuard(long guard) {
        return new PortOptions(queueLimit, Protection.STRICT_GUARD, requireGuard(guard));
    }

    /** As these with a context and without a guard. */
    public PortOptions withContext(long context) {
        return new PortOptions(queueLimit, Protection.CONTEXT, context);
    }

    static int requireQueueLimit(int limit) {
        if (limit < 0 || limit > Mach.MACH_PORT_QLIMIT_MAX) {
            throw new IllegalArgumentException("a queue takes 0 to 1024 messages, not " + limit);
        }
        return limit;
    }

    /** Returns the word that a port made now shall have. */
    long newWord() {
        boolean random = protection != Protection.CONTEXT && value == 0;
        return random ? ThreadLocalRandom.current().nextLong() | 1 : value;
    }

    /** Returns the flags of {@code mach_port_construct}. */
    int flags() {
        return Mach.MPO_QLIMIT
                | switch (protection) {
                    case CONTEXT -> 0;
                    case GUARD -> Mach.MPO_CONTEXT_AS_GUARD;
                    case STRICT_GUARD -> Mach.MPO_CONTEXT_AS_GUARD | Mach.MPO_STRICT;
                };
    }

    private static long requireGuard(long guard) {
        if (guard == 0) {
            throw new IllegalArgumentException("a guard is not 0");
        }
        return guard;
    }
}

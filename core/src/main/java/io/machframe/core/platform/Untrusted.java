/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a peer said, which is worth nothing until a check has looked at it: only {@link #open} gives it out.
 *
 * <p>It is in memory of this process alone. What a peer shows in memory that it can write is copied first
 * ({@link #copyOf}), so that what was checked is what is used.
 */
public final class Untrusted<T> {
    private final T claim;

    private Untrusted(T claim) {
        this.claim = claim;
    }

    /** Returns something that the peer cannot change any more, such as what a message was read into. */
    public static <T> Untrusted<T> of(T claim) {
        return new Untrusted<>(claim);
    }

    /** Returns the first bytes of memory that a peer can write, as they are now; little-endian. */
    public static Untrusted<ByteBuffer> copyOf(ByteBuffer shared, int size) {
        byte[] copy = new byte[size];
        shared.get(0, copy);
        return new Untrusted<>(ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN));
    }

    /** What looks at a claim and returns what can be believed of it. */
    public interface Check<T, R, E extends Exception> {
        R check(T claim) throws E;
    }

    /** Returns what a check makes of the claim. */
    public <R, E extends Exception> R open(Check<? super T, ? extends R, E> check) throws E {
        return check.check(claim);
    }

    /**
     * Why a claim is not believed. A <em>lie</em> was never true: the peer is broken or hostile, and to ask again gains
     * nothing. A <em>race</em> was true when it was said, or would have been: the peer ended or changed meanwhile, and to
     * ask again may help. Has no stack trace.
     */
    public static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean race;

        private Refusal(String problem, boolean race) {
            super(problem, null, false, false);
            this.race = race;
        }

        public static Refusal lie(String problem) {
            return new Refusal(problem, false);
        }

        public static Refusal race(String problem) {
            return new Refusal(problem, true);
        }

        public boolean isRace() {
            return race;
        }
    }
}

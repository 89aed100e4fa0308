/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.plist;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of a property list, as Java has them, and their bytes: a binary property list, as CoreFoundation reads and
 * writes it.
 *
 * <p>A value is a {@code String}, {@code Boolean}, {@code Long}, {@code Double}, {@code Instant}, {@code ByteBuffer} of
 * all its remaining bytes, {@code List} of values or {@code Map} of strings to values. A whole number beyond {@code Long}
 * is a {@code BigInteger} of at most 128 bits, with its sign.
 */
public final class PropertyList {
    /** How deep lists and maps may be nested. */
    static final int MAX_DEPTH = 64;

    /** The most bytes of a value, also of one that only seems large because lists in it stand in many places. */
    static final int MAX_SIZE = 16 << 20;

    private static final int MAX_BITS = 127;

    private PropertyList() {}

    /**
     * Returns an immutable copy of a value, in the types above: smaller whole numbers become {@code Long}, {@code Float}
     * becomes {@code Double}, {@code byte[]} becomes a {@code ByteBuffer}.
     *
     * @throws IllegalArgumentException if the value, or one in it, is of another type, nested too deep, or has more than
     *     16 MiB
     */
    public static Object copyOf(Object value) {
        return new Copy().of(value, 0);
    }

    /** One copy in the making. */
    private static final class Copy {
        /** About what a value takes in a property list besides what is in it. */
        private static final int OVERHEAD = 16;

        private int space = MAX_SIZE;

        Object of(Object value, int depth) {
            if (depth > MAX_DEPTH) {
                throw new IllegalArgumentException("lists and maps are nested more than " + MAX_DEPTH + " deep");
            }
            take(OVERHEAD);
            if (value instanceof String text) {
                take((long) text.length() * Character.BYTES);
                return text;
            } else if (value instanceof Boolean || value instanceof Long || value instanceof Double) {
                return value;
            } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
                return ((Number) value).longValue();
            } else if (value instanceof BigInteger number) {
                return number(number);
            } else if (value instanceof Float real) {
                return real.doubleValue();
            } else if (value instanceof Instant time) {
                return PropertyListWriter.rounded(time);
            } else if (value instanceof byte[] bytes) {
                return ofBytes(ByteBuffer.wrap(bytes));
            } else if (value instanceof ByteBuffer bytes) {
                return ofBytes(bytes.duplicate());
            } else if (value instanceof List<?> list) {
                return list.stream()
                        .map(element -> of(present(element), depth + 1))
                        .toList();
            } else if (value instanceof Map<?, ?> map) {
                return ofMap(map, depth);
            }
            throw new IllegalArgumentException(
                    "a " + value.getClass().getName()
                            + " cannot be attached: only strings, numbers, booleans, instants, bytes, and lists and maps of them");
        }

        private ByteBuffer ofBytes(ByteBuffer bytes) {
            take(bytes.remaining());
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return ByteBuffer.wrap(copy).asReadOnlyBuffer();
        }

        private Map<String, Object> ofMap(Map<?, ?> map, int depth) {
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((key, element) -> {
                if (!(key instanceof String name)) {
                    throw new IllegalArgumentException("the keys of a map that is attached are strings, not " + key);
                }
                take((long) name.length() * Character.BYTES);
                copy.put(name, of(present(element), depth + 1));
            });
            return Collections.unmodifiableMap(copy);
        }

        private void take(long bytes) {
            if (bytes > space) {
                throw new IllegalArgumentException("values of more than " + MAX_SIZE + " bytes cannot be attached");
            }
            space -= (int) bytes;
        }
    }

    /** Returns a whole number as {@code Long} if it is one. */
    static Number number(BigInteger number) {
        if (number.bitLength() > MAX_BITS) {
            throw new IllegalArgumentException("a whole number has at most 128 bits: " + number);
        }
        return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
    }

    @SuppressWarnings("NullAway") // a caller's list may hold nulls whatever its type says
    private static Object present(Object element) {
        if (element == null) {
            throw new IllegalArgumentException("null cannot be attached");
        }
        return element;
    }

    /**
     * Returns the bytes of a value that {@link #copyOf} or {@link #decode} returned. A {@code Float} takes four bytes, a
     * {@link Uid} stands for itself.
     *
     * @throws IllegalArgumentException if these are more than 16 MiB
     */
    public static byte[] encode(Object value) {
        return new PropertyListWriter().write(value);
    }

    /**
     * Reads bytes from an untrusted writer. Those of a keyed archive have {@link Uid}s.
     *
     * @throws IllegalArgumentException if they are no binary property list, or one of values that Java cannot have: a
     *     null, a set, a date that is no number, a dictionary with keys other than strings
     */
    public static Object decode(byte[] bytes) {
        return new PropertyListReader(bytes).read();
    }

    /**
     * Reads the bytes of a map. In the place of a value that cannot be read is an {@link Unreadable}, so that it costs no
     * other.
     *
     * @throws IllegalArgumentException if they are none
     */
    public static Map<String, Object> decodeMap(byte[] bytes) {
        return new PropertyListReader(bytes).readMap();
    }
}

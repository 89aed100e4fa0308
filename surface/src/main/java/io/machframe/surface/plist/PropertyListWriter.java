/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.plist;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a binary property list as CoreFoundation does: a header, the objects (the root first, each before what is in it,
 * a dictionary's keys before its values), the table of their offsets, and a trailer. Big-endian; numbers, counts,
 * references and offsets in the least number of bytes, since some readers understand no other. What stands in many places
 * is written once.
 */
final class PropertyListWriter {
    static final byte[] HEADER = "bplist00".getBytes(StandardCharsets.US_ASCII);

    /** Dates count seconds from here. */
    static final Instant EPOCH = Instant.parse("2001-01-01T00:00:00Z");

    static final int FALSE = 0x08;
    static final int TRUE = 0x09;
    static final int INTEGER = 0x10;
    static final int REAL = 0x20;
    static final int DATE = 0x30;
    static final int DATA = 0x40;
    static final int ASCII = 0x50;
    static final int UTF16 = 0x60;
    static final int UID = 0x80;
    static final int ARRAY = 0xa0;
    static final int DICTIONARY = 0xd0;

    /** In the place of a count: an integer object follows that is the count. */
    static final int LONG_COUNT = 0xf;

    /** Exponents of the sizes of numbers: of 4, 8 and 16 bytes. */
    static final int FOUR_BYTES = 2;

    static final int EIGHT_BYTES = 3;
    static final int SIXTEEN_BYTES = 4;

    private static final int UNUSED_IN_TRAILER = 6;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Object> objects = new ArrayList<>();
    private final IdentityHashMap<Object, Integer> references = new IdentityHashMap<>();

    byte[] write(Object root) {
        gather(root);
        out.writeBytes(HEADER);
        int referenceSize = sizeOf(objects.size());
        List<Integer> offsets = new ArrayList<>();
        for (Object object : objects) {
            offsets.add(out.size());
            object(object, referenceSize);
        }
        int table = out.size();
        int offsetSize = sizeOf(table);
        offsets.forEach(offset -> number(offsetSize, offset));
        out.writeBytes(new byte[UNUSED_IN_TRAILER]);
        out.write(offsetSize);
        out.write(referenceSize);
        number(Long.BYTES, objects.size());
        number(Long.BYTES, 0);
        number(Long.BYTES, table);
        return out.toByteArray();
    }

    /** Numbers an object and what is in it. */
    private void gather(Object object) {
        if (references.putIfAbsent(object, objects.size()) != null) {
            return;
        }
        objects.add(object);
        requireSpace(objects.size());
        if (object instanceof List<?> list) {
            list.forEach(this::gather);
        } else if (object instanceof Map<?, ?> map) {
            map.keySet().forEach(this::gather);
            map.values().forEach(this::gather);
        }
    }

    /** Returns the number of bytes for numbers up to one: 1, 2, 4 or 8. */
    private static int sizeOf(long largest) {
        return largest >>> 8 == 0 ? 1 : largest >>> 16 == 0 ? 2 : largest >>> 32 == 0 ? Integer.BYTES : Long.BYTES;
    }

    /** Returns the moment that is left of one once it was written. */
    static Instant rounded(Instant time) {
        return time(seconds(time));
    }

    private static double seconds(Instant time) {
        Duration since = Duration.between(EPOCH, time);
        return since.getSeconds() + since.getNano() / 1e9;
    }

    /** Returns the moment so many seconds after the epoch, to the microsecond, which a double can tell for centuries. */
    static Instant time(double seconds) {
        double whole = Math.floor(seconds);
        return EPOCH.plusSeconds((long) whole).plusNanos(Math.round((seconds - whole) * 1e6) * 1000);
    }

    private void object(Object value, int referenceSize) {
        if (value instanceof List<?> list) {
            counted(ARRAY, list.size());
            references(list, referenceSize);
        } else if (value instanceof Map<?, ?> map) {
            counted(DICTIONARY, map.size());
            references(map.keySet(), referenceSize);
            references(map.values(), referenceSize);
        } else if (value instanceof Boolean flag) {
            out.write(flag ? TRUE : FALSE);
        } else if (value instanceof Long number) {
            integer(number);
        } else if (value instanceof BigInteger number) {
            large(number);
        } else if (value instanceof Double real) {
            out.write(REAL | EIGHT_BYTES);
            number(Long.BYTES, Double.doubleToLongBits(real));
        } else if (value instanceof Float real) {
            out.write(REAL | FOUR_BYTES);
            number(Integer.BYTES, Float.floatToIntBits(real));
        } else if (value instanceof Instant time) {
            out.write(DATE | EIGHT_BYTES);
            number(Long.BYTES, Double.doubleToLongBits(seconds(time)));
        } else if (value instanceof ByteBuffer data) {
            counted(DATA, data.remaining());
            byte[] bytes = new byte[data.remaining()];
            data.duplicate().get(bytes);
            out.writeBytes(bytes);
        } else if (value instanceof Uid uid) {
            int size = sizeOf(uid.value());
            out.write(UID | (size - 1));
            number(size, uid.value());
        } else {
            text((String) value);
        }
    }

    private void references(Iterable<?> values, int size) {
        values.forEach(value -> number(size, Objects.requireNonNull(references.get(value))));
    }

    /** Writes an integer: of 1, 2 or 4 bytes without a sign, else of 8 with one. */
    private void integer(long value) {
        int size = sizeOf(value);
        out.write(INTEGER | Integer.numberOfTrailingZeros(size));
        number(size, value);
    }

    private void large(BigInteger value) {
        out.write(INTEGER | SIXTEEN_BYTES);
        number(Long.BYTES, value.shiftRight(Long.SIZE).longValue());
        number(Long.BYTES, value.longValue());
    }

    private void text(String text) {
        boolean ascii = text.chars().allMatch(unit -> unit < 0x80);
        counted(ascii ? ASCII : UTF16, text.length());
        text.chars().forEach(unit -> number(ascii ? 1 : Character.BYTES, unit)); // lone surrogates too
    }

    private void counted(int marker, int count) {
        requireSpace(count);
        if (count < LONG_COUNT) {
            out.write(marker | count);
        } else {
            out.write(marker | LONG_COUNT);
            integer(count);
        }
    }

    private void requireSpace(int bytes) {
        if (bytes > PropertyList.MAX_SIZE - out.size()) {
            throw new IllegalArgumentException("the values have more than " + PropertyList.MAX_SIZE + " bytes");
        }
    }

    private void number(int size, long value) {
        for (int shift = (size - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out.write((int) (value >> shift));
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes a binary property list: a header, objects, the table of their offsets, and a trailer. Big-endian. */
final class PropertyListWriter {
    static final byte[] HEADER = "bplist00".getBytes(StandardCharsets.US_ASCII);

    /** Times count seconds from here. */
    static final Instant EPOCH = Instant.parse("2001-01-01T00:00:00Z");

    static final int FALSE = 0x08;
    static final int TRUE = 0x09;
    static final int INTEGER = 0x10;
    static final int REAL = 0x20;
    static final int DATE = 0x30;
    static final int DATA = 0x40;
    static final int ASCII = 0x50;
    static final int UTF16 = 0x60;
    static final int ARRAY = 0xa0;
    static final int DICTIONARY = 0xd0;

    /** In the place of a count: an integer object follows that is the count. */
    static final int LONG_COUNT = 0xf;

    /** Exponent of the size of a number of 8 bytes. */
    static final int EIGHT_BYTES = 3;

    private static final int REFERENCE_SIZE = Integer.BYTES;
    private static final int OFFSET_SIZE = Integer.BYTES;
    private static final int UNUSED_IN_TRAILER = 6;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<Integer> offsets = new ArrayList<>();

    byte[] write(Object root) {
        out.writeBytes(HEADER);
        int rootReference = object(root);
        int table = out.size();
        offsets.forEach(offset -> number(OFFSET_SIZE, offset));
        out.writeBytes(new byte[UNUSED_IN_TRAILER]);
        out.write(OFFSET_SIZE);
        out.write(REFERENCE_SIZE);
        number(Long.BYTES, offsets.size());
        number(Long.BYTES, rootReference);
        number(Long.BYTES, table);
        return out.toByteArray();
    }

    /** Returns the time that is left of one once it was written. */
    static Instant rounded(Instant time) {
        return time(seconds(time));
    }

    private static double seconds(Instant time) {
        Duration since = Duration.between(EPOCH, time);
        return since.getSeconds() + since.getNano() / 1e9;
    }

    /** Returns a time of so many seconds after the epoch, to the microsecond, which a double can tell for centuries. */
    static Instant time(double seconds) {
        double whole = Math.floor(seconds);
        return EPOCH.plusSeconds((long) whole).plusNanos(Math.round((seconds - whole) * 1e6) * 1000);
    }

    /** Writes what an object consists of, then itself, and returns its number. */
    private int object(Object value) {
        if (value instanceof List<?> list) {
            return collection(ARRAY, list.size(), references(list));
        } else if (value instanceof Map<?, ?> map) {
            List<Integer> references = references(map.keySet());
            references.addAll(references(map.values()));
            return collection(DICTIONARY, map.size(), references);
        }
        int reference = begin();
        leaf(value);
        return reference;
    }

    private List<Integer> references(Iterable<?> values) {
        List<Integer> references = new ArrayList<>();
        values.forEach(value -> references.add(object(value)));
        return references;
    }

    private int collection(int marker, int count, List<Integer> references) {
        int reference = begin();
        counted(marker, count);
        references.forEach(element -> number(REFERENCE_SIZE, element));
        return reference;
    }

    private int begin() {
        offsets.add(out.size());
        return offsets.size() - 1;
    }

    private void leaf(Object value) {
        if (value instanceof Boolean flag) {
            out.write(flag ? TRUE : FALSE);
        } else if (value instanceof Long number) {
            out.write(INTEGER | EIGHT_BYTES);
            number(Long.BYTES, number);
        } else if (value instanceof Double real) {
            out.write(REAL | EIGHT_BYTES);
            number(Long.BYTES, Double.doubleToRawLongBits(real));
        } else if (value instanceof Instant time) {
            out.write(DATE | EIGHT_BYTES);
            number(Long.BYTES, Double.doubleToRawLongBits(seconds(time)));
        } else if (value instanceof ByteBuffer data) {
            counted(DATA, data.remaining());
            byte[] bytes = new byte[data.remaining()];
            data.duplicate().get(bytes);
            out.writeBytes(bytes);
        } else {
            text((String) value);
        }
    }

    private void text(String text) {
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            counted(ASCII, text.length());
            out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        } else {
            counted(UTF16, text.length());
            text.chars().forEach(unit -> number(Character.BYTES, unit));
        }
    }

    private void counted(int marker, int count) {
        if (count > PropertyList.MAX_SIZE - out.size()) {
            throw new IllegalArgumentException("the values have more than " + PropertyList.MAX_SIZE + " bytes");
        }
        if (count < LONG_COUNT) {
            out.write(marker | count);
        } else {
            out.write(marker | LONG_COUNT);
            out.write(INTEGER | EIGHT_BYTES);
            number(Long.BYTES, count);
        }
    }

    private void number(int size, long value) {
        for (int shift = (size - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            out.write((int) (value >> shift));
        }
    }
}

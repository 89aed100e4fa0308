/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.plist;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a binary property list from an untrusted writer: whatever its bytes are, the answer is a value or an
 * {@link IllegalArgumentException}, in time and memory that its size bounds.
 */
final class PropertyListReader {
    private static final int TRAILER_SIZE = 32;
    private static final int OFFSET_SIZE_AT = 6;
    private static final int COUNT_AT = 8;

    private final ByteBuffer bytes;
    private final int offsetSize;
    private final int referenceSize;
    private final int count;
    private final int root;
    private final int table;

    /** One object may stand in many places: so many lists and maps are made, however few bytes they come from. */
    private int budget;

    /** Texts and data, which may be long, are made once each. */
    private final Map<Integer, Object> leaves = new HashMap<>();

    PropertyListReader(byte[] list) {
        int header = PropertyListWriter.HEADER.length;
        require(list.length >= header + TRAILER_SIZE, "is too short");
        require(Arrays.mismatch(list, PropertyListWriter.HEADER) >= header - 1, "has another header"); // bplist0?
        bytes = ByteBuffer.wrap(list);
        budget = list.length;
        int trailer = list.length - TRAILER_SIZE;
        offsetSize = list[trailer + OFFSET_SIZE_AT];
        referenceSize = list[trailer + OFFSET_SIZE_AT + 1];
        require(offsetSize > 0 && offsetSize <= Long.BYTES, "has offsets of " + offsetSize + " bytes");
        require(referenceSize > 0 && referenceSize <= Long.BYTES, "has references of " + referenceSize + " bytes");
        count = within(bytes.getLong(trailer + COUNT_AT), 1, list.length, "number of objects");
        root = within(bytes.getLong(trailer + COUNT_AT + Long.BYTES), 0, count - 1L, "root");
        table = within(bytes.getLong(trailer + COUNT_AT + 2 * Long.BYTES), header + 1, trailer, "table");
        require((long) count * offsetSize == trailer - table, "has a table of another size");
        for (int i = 0; i < count; i++) {
            offset(i);
        }
    }

    Object read() {
        return object(root, 0);
    }

    /** Reads a dictionary; a value that cannot be read is {@link Unreadable} and leaves the others as they are. */
    Map<String, Object> readMap() {
        int at = offset(root);
        require((bytes.get(at) & 0xf0) == PropertyListWriter.DICTIONARY, "is no dictionary");
        return map(at, reference -> {
            try {
                return object(reference, 1);
            } catch (IllegalArgumentException e) {
                return new Unreadable(String.valueOf(e.getMessage()));
            }
        });
    }

    private int offset(int reference) {
        return within(
                number(table + reference * offsetSize, offsetSize),
                PropertyListWriter.HEADER.length,
                table - 1L,
                "offset of an object");
    }

    private Object object(int reference, int depth) {
        require(depth <= PropertyList.MAX_DEPTH, "is nested too deep");
        require(--budget >= 0, "has more objects than bytes");
        int at = offset(reference);
        return switch (bytes.get(at) & 0xf0) {
            case PropertyListWriter.ARRAY -> list(at, depth);
            case PropertyListWriter.DICTIONARY ->
                Collections.unmodifiableMap(map(at, value -> object(value, depth + 1)));
            default -> {
                Object leaf = leaves.computeIfAbsent(reference, first -> leaf(at));
                yield leaf instanceof ByteBuffer data ? data.duplicate() : leaf; // with a position of its own
            }
        };
    }

    private Object leaf(int at) {
        int marker = bytes.get(at) & 0xff;
        return switch (marker & 0xf0) {
            case 0 -> flag(marker);
            case PropertyListWriter.INTEGER -> integer(at);
            case PropertyListWriter.REAL -> real(at);
            case PropertyListWriter.DATE -> PropertyListWriter.time(date(at, marker));
            case PropertyListWriter.DATA -> ByteBuffer.wrap(content(at, 1)).asReadOnlyBuffer();
            case PropertyListWriter.ASCII -> ascii(content(at, 1));
            case PropertyListWriter.UTF16 -> utf16(content(at, Character.BYTES));
            case PropertyListWriter.UID -> uid(at);
            default -> throw damaged("has an object of unknown kind " + marker);
        };
    }

    private static Object flag(int marker) {
        require(marker == PropertyListWriter.TRUE || marker == PropertyListWriter.FALSE, "has no such constant");
        return marker == PropertyListWriter.TRUE;
    }

    private int size(int at) {
        return 1 << (bytes.get(at) & 0x0f);
    }

    /** Reads an integer: of 1, 2 or 4 bytes without a sign, of 8 or 16 with one. */
    private Number integer(int at) {
        int size = size(at);
        if (size <= Long.BYTES) {
            return number(at + 1, size);
        }
        require(size == 2 * Long.BYTES, "has an integer of " + size + " bytes");
        requireInside(at + 1, size);
        return PropertyList.number(new BigInteger(bytes.array(), at + 1, size));
    }

    private double real(int at) {
        int size = size(at);
        require(size == Float.BYTES || size == Double.BYTES, "has a real of " + size + " bytes");
        long bits = number(at + 1, size);
        return size == Float.BYTES ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
    }

    private double date(int at, int marker) {
        require(marker == (PropertyListWriter.DATE | PropertyListWriter.EIGHT_BYTES), "has a date that is no double");
        double seconds = real(at);
        require(Math.abs(seconds) < 1e16, "has a date beyond all calendars");
        return seconds;
    }

    private Uid uid(int at) {
        long value = number(at + 1, (bytes.get(at) & 0x0f) + 1);
        require(value >= 0 && value <= Uid.MAX, "has a wrong UID: " + value);
        return new Uid(value);
    }

    private static String ascii(byte[] content) {
        for (byte each : content) {
            require(each >= 0, "has a text of ASCII with other bytes");
        }
        return new String(content, StandardCharsets.US_ASCII);
    }

    /** Returns a text as it is, with lone surrogates. */
    private static String utf16(byte[] content) {
        require(content.length > 0, "has an empty text of UTF-16");
        return ByteBuffer.wrap(content).asCharBuffer().toString();
    }

    private List<Object> list(int at, int depth) {
        List<Object> list = new ArrayList<>();
        for (int reference : references(at, 1)) {
            list.add(object(reference, depth + 1));
        }
        return Collections.unmodifiableList(list);
    }

    private interface Values {
        Object of(int reference);
    }

    private Map<String, Object> map(int at, Values values) {
        int[] references = references(at, 2);
        int size = references.length / 2;
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            map.put(key(references[i]), values.of(references[size + i]));
        }
        return map;
    }

    private String key(int reference) {
        int kind = bytes.get(offset(reference)) & 0xf0;
        boolean text = kind == PropertyListWriter.ASCII || kind == PropertyListWriter.UTF16;
        require(text, "has a key that is no string");
        return (String) object(reference, 0);
    }

    private int[] references(int at, int lists) {
        int start = contentAt(at);
        int[] references = new int[units(at, lists * referenceSize) * lists];
        for (int i = 0; i < references.length; i++) {
            references[i] = within(number(start + i * referenceSize, referenceSize), 0, count - 1L, "reference");
        }
        return references;
    }

    /** Returns the bytes of an object that has a count of units. */
    private byte[] content(int at, int unit) {
        int start = contentAt(at);
        return Arrays.copyOfRange(bytes.array(), start, start + units(at, unit) * unit);
    }

    private int units(int at, int unit) {
        boolean isLong = (bytes.get(at) & 0x0f) == PropertyListWriter.LONG_COUNT;
        long units = isLong ? countAfter(at) : bytes.get(at) & 0x0f;
        return within(units, 0, (table - contentAt(at)) / unit, "count");
    }

    private long countAfter(int at) {
        require((bytes.get(at + 1) & 0xf0) == PropertyListWriter.INTEGER, "has a count that is no integer");
        return integer(at + 1) instanceof Long units ? units : -1;
    }

    private int contentAt(int at) {
        boolean isLong = (bytes.get(at) & 0x0f) == PropertyListWriter.LONG_COUNT;
        return isLong ? at + 2 + size(at + 1) : at + 1;
    }

    private long number(int at, int size) {
        requireInside(at, size);
        long value = 0;
        for (int i = 0; i < size; i++) {
            require(value >>> (Long.SIZE - Byte.SIZE) == 0, "has a number that is too large");
            value = (value << Byte.SIZE) | (bytes.get(at + i) & 0xff);
        }
        return value;
    }

    private void requireInside(int at, int size) {
        require(at >= 0 && at <= bytes.limit() - size, "ends within a number");
    }

    private static int within(long value, long least, long most, String what) {
        require(value >= least && value <= most, "has a wrong " + what + ": " + value);
        return (int) value;
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw damaged(complaint);
        }
    }

    private static IllegalArgumentException damaged(String complaint) {
        return new IllegalArgumentException("the property list " + complaint);
    }
}

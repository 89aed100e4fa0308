/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform;

import java.nio.BufferUnderflowException;
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
 * Reads a binary property list that anybody may have written: whatever its bytes are, the answer is a value or an
 * {@link IllegalArgumentException}, in time and memory that its size bounds.
 */
final class PropertyListReader {
    private static final int TRAILER_SIZE = 32;
    private static final int OFFSET_SIZE_AT = 6;
    private static final int COUNT_AT = 8;

    private final byte[] bytes;
    private int offsetSize;
    private int referenceSize;
    private int count;
    private int table;

    /** One object may stand in many places: so many lists and maps are made, however few bytes they come from. */
    private int budget;

    /** Texts and data, which may be long, are made once each. */
    private final Map<Long, Object> leaves = new HashMap<>();

    PropertyListReader(byte[] bytes) {
        this.bytes = bytes;
    }

    Object read() {
        try {
            return readTrailer();
        } catch (BufferUnderflowException | IndexOutOfBoundsException | ArithmeticException e) {
            throw new IllegalArgumentException("the property list is damaged", e);
        }
    }

    private Object readTrailer() {
        int header = PropertyListWriter.HEADER.length;
        require(bytes.length >= header + TRAILER_SIZE, "is too short");
        require(Arrays.equals(bytes, 0, header, PropertyListWriter.HEADER, 0, header), "has another header");
        int trailer = bytes.length - TRAILER_SIZE;
        offsetSize = bytes[trailer + OFFSET_SIZE_AT];
        referenceSize = bytes[trailer + OFFSET_SIZE_AT + 1];
        require(offsetSize > 0 && offsetSize <= Long.BYTES, "has offsets of " + offsetSize + " bytes");
        require(referenceSize > 0 && referenceSize <= Long.BYTES, "has references of " + referenceSize + " bytes");
        ByteBuffer numbers = ByteBuffer.wrap(bytes, trailer + COUNT_AT, 3 * Long.BYTES);
        count = Math.toIntExact(numbers.getLong());
        long root = numbers.getLong();
        table = Math.toIntExact(numbers.getLong());
        require(
                count > 0 && table >= header && (long) count * offsetSize <= trailer - table,
                "has no room for its table");
        budget = bytes.length;
        return object(root, 0);
    }

    private Object object(long reference, int depth) {
        require(reference >= 0 && reference < count, "refers to an object that is not there");
        require(depth <= PropertyList.MAX_DEPTH, "is nested too deep");
        require(--budget >= 0, "has more objects than bytes");
        long offset = number(table + (int) reference * offsetSize, offsetSize);
        require(offset >= PropertyListWriter.HEADER.length && offset < table, "has an object outside");
        int at = (int) offset;
        int marker = bytes[at] & 0xff;
        return switch (marker & 0xf0) {
            case PropertyListWriter.ARRAY -> list(at, depth);
            case PropertyListWriter.DICTIONARY -> map(at, depth);
            default -> {
                Object leaf = leaves.computeIfAbsent(reference, first -> leaf(at, marker));
                yield leaf instanceof ByteBuffer data ? data.duplicate() : leaf; // with a position of its own
            }
        };
    }

    private Object leaf(int at, int marker) {
        return switch (marker & 0xf0) {
            case 0 -> flag(marker);
            case PropertyListWriter.INTEGER -> integer(at);
            case PropertyListWriter.REAL -> real(at);
            case PropertyListWriter.DATE -> PropertyListWriter.time(date(at));
            case PropertyListWriter.DATA -> ByteBuffer.wrap(content(at, 1)).asReadOnlyBuffer();
            case PropertyListWriter.ASCII -> new String(content(at, 1), StandardCharsets.US_ASCII);
            case PropertyListWriter.UTF16 -> new String(content(at, Character.BYTES), StandardCharsets.UTF_16BE);
            default -> throw damaged("has an object of unknown kind " + marker);
        };
    }

    private static Object flag(int marker) {
        require(marker == PropertyListWriter.TRUE || marker == PropertyListWriter.FALSE, "has no such constant");
        return marker == PropertyListWriter.TRUE;
    }

    /** Reads an integer: of 1, 2 or 4 bytes without a sign, of 8 with one. */
    private long integer(int at) {
        int exponent = bytes[at] & 0x0f;
        require(exponent <= PropertyListWriter.EIGHT_BYTES, "has an integer of more than 8 bytes");
        return number(at + 1, 1 << exponent);
    }

    private double real(int at) {
        int exponent = bytes[at] & 0x0f;
        require(exponent == 2 || exponent == PropertyListWriter.EIGHT_BYTES, "has a real that is no float or double");
        long bits = number(at + 1, 1 << exponent);
        return exponent == 2 ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
    }

    private double date(int at) {
        double seconds = real(at);
        require(Math.abs(seconds) < 1e12, "has a date beyond all calendars");
        return seconds;
    }

    private List<Object> list(int at, int depth) {
        List<Object> list = new ArrayList<>();
        for (long reference : references(at, 1)) {
            list.add(object(reference, depth + 1));
        }
        return Collections.unmodifiableList(list);
    }

    private Map<String, Object> map(int at, int depth) {
        long[] references = references(at, 2);
        int size = references.length / 2;
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            if (!(object(references[i], depth + 1) instanceof String key)) {
                throw damaged("has a key that is no string");
            }
            map.put(key, object(references[size + i], depth + 1));
        }
        return Collections.unmodifiableMap(map);
    }

    private long[] references(int at, int lists) {
        byte[] content = content(at, lists * referenceSize);
        long[] references = new long[content.length / referenceSize];
        int start = contentAt(at);
        for (int i = 0; i < references.length; i++) {
            references[i] = number(start + i * referenceSize, referenceSize);
        }
        return references;
    }

    /** Returns the bytes of an object that has a count of units. */
    private byte[] content(int at, int unit) {
        long units = (bytes[at] & 0x0f) == PropertyListWriter.LONG_COUNT ? integerAfter(at) : bytes[at] & 0x0f;
        int start = contentAt(at);
        require(units >= 0 && units <= (table - start) / unit, "has an object that is too long");
        return Arrays.copyOfRange(bytes, start, start + (int) units * unit);
    }

    private long integerAfter(int at) {
        require((bytes[at + 1] & 0xf0) == PropertyListWriter.INTEGER, "has a count that is no integer");
        return integer(at + 1);
    }

    private int contentAt(int at) {
        boolean isLong = (bytes[at] & 0x0f) == PropertyListWriter.LONG_COUNT;
        return isLong ? at + 2 + (1 << (bytes[at + 1] & 0x0f)) : at + 1;
    }

    private long number(int at, int size) {
        require(at >= 0 && at <= bytes.length - size, "ends within a number");
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = (value << Byte.SIZE) | (bytes[at + i] & 0xff);
        }
        return value;
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

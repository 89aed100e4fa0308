/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.plist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Property lists and keyed archives that CoreFoundation and Foundation of Swift 6.2.3 wrote and read. */
final class RecordedListsTest {
    /** What CoreFoundation reads and Java refuses, with the reason. */
    private static final Map<String, String> REFUSED_HERE = Map.of(
            "intkey", "the keys of a map are strings",
            "boolkey", "as intkey",
            "datakey", "as intkey",
            "null_root", "a value is never null",
            "null_in_array", "as null_root",
            "set", "no value is a set, and CoreFoundation writes none",
            "date_nan", "an Instant is a moment");

    /** What is read otherwise: a moment to the microsecond, as exact as a double is for centuries. */
    private static final Map<String, String> READ_OTHERWISE = Map.of("date_tiny", "d0.0");

    /** What CoreFoundation writes otherwise: as the value is the same, only that is compared. */
    private static final Map<String, String> WRITTEN_OTHERWISE = Map.of(
            "dedup_bool", "CoreFoundation also writes an object that nothing refers to",
            "dedup_same_arr", "as dedup_bool");

    private static final Map<String, Object> VALUES = values();
    private static final Map<String, Object> ARCHIVED = archived();

    private record Line(String name, String bytes, String answer) {
        byte[] list() {
            return HexFormat.of().parseHex(bytes);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static List<String> lines(String file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(RecordedListsTest.class.getResourceAsStream("/cf-oracle/" + file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    static Stream<Line> written() throws IOException {
        return lines("binary-plists-written.txt").stream()
                .map(line -> line.split(" "))
                .map(parts -> new Line(parts[0], parts[1], ""));
    }

    static Stream<Line> read() throws IOException {
        return lines("binary-plists-read.txt").stream()
                .map(line -> line.split("\t"))
                .map(parts -> new Line(parts[0], parts[1], parts[2].strip()));
    }

    static Stream<Line> archives() throws IOException {
        return lines("keyed-archives.txt").stream()
                .map(line -> line.split(" ", 3))
                .filter(parts -> parts[parts.length - 1].startsWith("62706c697374"))
                .map(parts -> new Line(parts[0], parts[parts.length - 1], ""));
    }

    @Test
    void nothingRecordedIsLeftOut() throws Exception {
        assertEquals(114, written().count() + read().count());
        assertEquals(26, archives().count(), "of 28 lines one is a heading, one an archive in XML");
        assertEquals(
                new TreeSet<>(VALUES.keySet()),
                new TreeSet<>(written().map(Line::name).toList()));
    }

    private static String twin(String text) {
        return String.valueOf(text.toCharArray()); // equal, but another object
    }

    private static Instant date(long seconds, long nanos) {
        return PropertyListWriter.EPOCH.plusSeconds(seconds).plusNanos(nanos);
    }

    private static ByteBuffer data(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        for (long number : new long[] {0, 255, 256, 65535, 65536, -1, -129}) {
            values.put("int" + number, number);
        }
        values.put("int2^31", 1L << 31);
        values.put("int2^32-1", (1L << 32) - 1);
        values.put("int2^32", 1L << 32);
        values.put("intmax", Long.MAX_VALUE);
        values.put("intmin", Long.MIN_VALUE);
        values.put("sint8_-1", -1L);
        values.put("sint16_300", 300L);
        values.put("real1.5", 1.5);
        values.put("float1.5", 1.5f);
        values.put("real1", 1.0);
        values.put("real-0", -0.0);
        values.put("realnan", Double.NaN);
        values.put("realinf", Double.POSITIVE_INFINITY);
        values.put("float0.1", 0.1f);
        values.put("true", true);
        values.put("false", false);
        values.put("date0", date(0, 0));
        values.put("date-1.5", date(-2, 500_000_000));
        values.put("date800000000.123456789", date(800_000_000, 123_456_789));
        values.put("data0", data(""));
        values.put("data3", data("\1\2\3"));
        values.put("str0", "");
        values.put("strabc", "abc");
        values.put("str15", "123456789012345");
        values.put("str_ae", "ä");
        values.put("str_emoji", "😀");
        values.put("str_lone", "\ud800");
        values.put("str_del", "\177");
        values.put("str_ctl", "\0\1\n\37");
        values.put("arr0", List.of());
        values.put("dict0", Map.of());
        values.put("dedup_str", List.of(twin("abc"), twin("abc")));
        values.put("dedup_int", List.of(7L, 7L));
        values.put("dedup_int_real", List.of(1L, 1.0));
        values.put("dedup_real_int", List.of(1.0, 1L));
        values.put("dedup_float_real", List.of(1.5f, 1.5));
        values.put("dedup_bool", List.of(true, true, 1L));
        values.put("dedup_data", List.of(data("ab"), data("ab")));
        values.put("dedup_date", List.of(date(5, 0), date(5, 0)));
        values.put("dedup_arr", List.of(Arrays.asList(1L), Arrays.asList(1L)));
        List<Object> same = List.of(9L);
        values.put("dedup_same_arr", List.of(same, same));
        values.put("dedup_-0", List.of(0.0, -0.0));
        Double nan = Double.NaN;
        values.put("dedup_nan", List.of(nan, nan));
        Map<String, Object> two = new LinkedHashMap<>();
        two.put("a", 1L);
        two.put("b", List.of(twin("a")));
        values.put("dict2", two);
        values.put("uid5", new Uid(5));
        values.put("uid256", new Uid(256));
        values.put("arr300", LongStream.range(1000, 1300).boxed().toList());
        values.put("str300", "q".repeat(300));
        values.put("xml2^63", BigInteger.ONE.shiftLeft(63));
        values.put("xml2^64-1", BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
        values.put("xmlmin", Long.MIN_VALUE);
        values.put("xmlhex", 16L);
        values.put("xmldate", date(1, 0));
        values.put("xmlnan", Double.NaN);
        values.put("xmlctl_raw", "a\1b");
        values.put("xmlctl_ref", "a\1b");
        return values;
    }

    private static Map<String, Object> archived() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("str_hello", "hello");
        values.put("str_empty", "");
        values.put("str_null", twin("$null"));
        values.put("str_uml", "ä😀");
        values.put("int_42", 42L);
        values.put("uint32", 0xffff_ffffL);
        values.put("uint64", BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE));
        values.put("neg", -1L);
        values.put("bool", true);
        values.put("double", 1.5);
        values.put("float", 1.5f);
        values.put("mutstr", "hello");
        values.put("swift_String", "hello");
        values.put("swift_Int", 42L);
        values.put("encodeInt32", 7L);
        return values;
    }

    /** Floats come back as doubles, and dates to the microsecond. */
    private static Object asRead(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(RecordedListsTest::asRead).toList();
        } else if (value instanceof Float real) {
            return real.doubleValue();
        } else if (value instanceof Instant time) {
            return PropertyListWriter.rounded(time);
        }
        return value;
    }

    @ParameterizedTest
    @MethodSource("written")
    void aListIsWrittenAsCoreFoundationDoesAndReadBack(Line line) {
        Object value = VALUES.get(line.name);
        assertEquals(asRead(value), PropertyList.decode(line.list()));
        byte[] ours = PropertyList.encode(value);
        if (WRITTEN_OTHERWISE.containsKey(line.name)) {
            assertEquals(asRead(value), PropertyList.decode(ours));
        } else {
            assertArrayEquals(line.list(), ours, () -> HexFormat.of().formatHex(ours));
        }
    }

    @ParameterizedTest
    @MethodSource("read")
    void aListIsReadOrRefusedAsByCoreFoundation(Line line) {
        if (line.answer.equals("REFUSED") || REFUSED_HERE.containsKey(line.name)) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> PropertyList.decode(line.list()));
            assertEquals("the property list ", String.valueOf(e.getMessage()).substring(0, 18));
            return;
        }
        String expected = READ_OTHERWISE.getOrDefault(line.name, line.answer).replaceAll("\\(t[34]\\)", "");
        assertEquals(expected, described(PropertyList.decode(line.list())));
    }

    /** Says what was read in the words of the record, in which a number's type is CoreFoundation's own and left out. */
    private static String described(Object value) {
        if (value instanceof Number number) { // whose low word only was recorded
            return "i" + Long.toUnsignedString(number.longValue());
        } else if (value instanceof String text) {
            StringBuilder escaped = new StringBuilder();
            text.chars()
                    .forEach(unit -> escaped.append(unit < 0x80 ? "" + (char) unit : String.format("\\u%04x", unit)));
            return "s" + text.length() + ":" + escaped;
        } else if (value instanceof Instant time) {
            Duration since = Duration.between(PropertyListWriter.EPOCH, time);
            double seconds = since.getSeconds() + since.getNano() / 1e9;
            return "d" + new BigDecimal(Double.toString(seconds)).toPlainString();
        } else if (value instanceof Uid uid) {
            return "UID" + uid.value();
        } else if (value instanceof List<?> list) {
            StringBuilder all = new StringBuilder("[");
            list.forEach(each -> all.append(described(each)).append(' '));
            return all + "]";
        } else if (value instanceof Map<?, ?> map) {
            StringBuilder all = new StringBuilder("{");
            map.forEach((key, each) ->
                    all.append(described(key) + "=" + described(each)).append(' '));
            return all + "}";
        }
        return value.toString();
    }

    @Test
    void aNumberOf16BytesHasItsSign() {
        Map<String, Object> read = new LinkedHashMap<>();
        assertDoesNotThrow(() -> read().filter(line -> line.name.startsWith("int16_"))
                .forEach(line -> read.put(line.name, PropertyList.decode(line.list()))));
        assertEquals(-1L, read.get("int16_neg1"));
        assertEquals(BigInteger.ONE.shiftLeft(100), read.get("int16_2^100"));
        read.values().forEach(number -> assertEquals(number, PropertyList.decode(PropertyList.encode(number))));
    }

    @ParameterizedTest
    @MethodSource("archives")
    void anArchiveIsReadAndOursHasTheSameObjects(Line line) {
        Object value = ARCHIVED.get(line.name);
        assertEquals(asRead(value), KeyedArchive.decode(line.list()));
        if (!line.name.equals("encodeInt32")) { // which has its number in the place of the reference
            byte[] ours = KeyedArchive.encode(value);
            assertEquals(PropertyList.decode(line.list()), PropertyList.decode(ours));
            assertEquals(13, ByteBuffer.wrap(ours).getLong(ours.length - 24), "objects");
            assertEquals(line.list().length, ours.length);
        }
    }
}

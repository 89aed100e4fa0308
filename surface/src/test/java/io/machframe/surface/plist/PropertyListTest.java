/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.plist;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PropertyListTest {
    private static final long SEED = 20250104;
    private static final int MANY = 100_000;

    @Test
    void everyTypeComesBackEqual() {
        Map<String, Object> map = new TreeMap<>();
        map.put("text", "video");
        map.put("not ascii", "Größe 尺寸 😀");
        map.put("whole", 42);
        map.put("negative", -1L);
        map.put("largest", Long.MAX_VALUE);
        map.put("real", 2.5f);
        map.put("flag", true);
        map.put("other flag", false);
        map.put("time", Instant.parse("2024-02-29T12:34:56.789012Z"));
        map.put("before", Instant.parse("1969-12-31T23:59:59.5Z"));
        map.put("bytes", new byte[] {1, -2, 3});
        map.put("list", List.of(1L, "two", List.of(), Map.of("x", 1.5)));
        map.put("long text", "x".repeat(1000));
        map.put("", "");
        Object copy = PropertyList.copyOf(map);
        assertEquals(copy, PropertyList.decode(PropertyList.encode(copy)));
        assertEquals(42L, ((Map<?, ?>) copy).get("whole"));
        assertEquals(2.5, ((Map<?, ?>) copy).get("real"));
        assertEquals(map.get("time"), ((Map<?, ?>) copy).get("time"));
        assertEquals(map.get("before"), ((Map<?, ?>) copy).get("before"));
        assertEquals(ByteBuffer.wrap(new byte[] {1, -2, 3}), ((Map<?, ?>) copy).get("bytes"));
    }

    /** Written by hand from the description of the format: what CoreFoundation makes of the string A. */
    @Test
    void theBytesAreThoseOfTheFormat() {
        byte[] compact = HexFormat.of()
                .parseHex("62706c6973743030" + "5141" + "08" + "000000000000" + "01" + "01" + "0000000000000001"
                        + "0000000000000000" + "000000000000000a");
        assertEquals("A", PropertyList.decode(compact));
        byte[] ours = PropertyList.encode("A");
        assertArrayEquals("bplist00QA".getBytes(java.nio.charset.StandardCharsets.US_ASCII), Arrays.copyOf(ours, 10));
        assertEquals("A", PropertyList.decode(ours));
    }

    @Test
    void smallIntegersHaveNoSign() {
        byte[] bytes = HexFormat.of()
                .parseHex("62706c6973743030" + "11ff00" + "08" + "000000000000" + "01" + "01" + "0000000000000001"
                        + "0000000000000000" + "000000000000000b");
        assertEquals(0xff00L, PropertyList.decode(bytes));
    }

    @Test
    void aCopyFollowsNobodysChanges() {
        byte[] bytes = {1};
        List<Object> list = new ArrayList<>(List.of(bytes));
        Object copy = PropertyList.copyOf(list);
        bytes[0] = 2;
        list.clear();
        assertEquals(List.of(ByteBuffer.wrap(new byte[] {1})), copy);
        ByteBuffer data = (ByteBuffer) PropertyList.copyOf(bytes);
        assertThrows(ReadOnlyBufferException.class, () -> data.put(0, (byte) 1));
    }

    @Test
    void otherObjectsAreRefusedByTheirType() {
        for (Object value : List.of(Thread.currentThread(), 'c', List.of(new Object()), Map.of(1, 2))) {
            assertThrows(IllegalArgumentException.class, () -> PropertyList.copyOf(value));
        }
        assertThrows(IllegalArgumentException.class, () -> PropertyList.copyOf(Arrays.asList("x", null)));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> PropertyList.copyOf(Thread.currentThread()));
        assertTrue(e.toString().contains("java.lang.Thread cannot be attached"), e::toString);
        Object deep = "x";
        for (int i = 0; i < 100; i++) {
            deep = List.of(deep);
        }
        Object tooDeep = deep;
        assertThrows(IllegalArgumentException.class, () -> PropertyList.copyOf(tooDeep));
    }

    /** Whatever the bytes are, the answer is a value or a refusal. */
    @Test
    void damagedBytesAreRefusedOrReadAsSomethingElse() {
        Random random = new Random(SEED);
        byte[] whole = PropertyList.encode(PropertyList.copyOf(
                Map.of("a", List.of(1, 2.5, true, "ü"), "b", Map.of("c", new byte[20]), "d", Instant.EPOCH)));
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(10) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int change = random.nextInt(4); change >= 0 && bytes.length > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                PropertyList.decode(bytes);
                read++;
            } catch (IllegalArgumentException e) {
                assertTrue(e.toString().contains("the property list"), e::toString);
            }
        }
        assertTrue(read > 1000, "only " + read + " were read");
    }

    /** Two references to the level below, forty times: as many leaves as no memory has. */
    @Test
    void aListThatGrowsWithoutBoundsIsRefused() {
        StringBuilder objects = new StringBuilder();
        StringBuilder offsets = new StringBuilder();
        int levels = 40;
        for (int i = 0; i < levels; i++) {
            offsets.append(String.format("%02x", 8 + i * 3));
            objects.append(String.format("a2%02x%02x", i + 1, i + 1));
        }
        offsets.append(String.format("%02x", 8 + levels * 3));
        objects.append("09");
        byte[] bytes = HexFormat.of()
                .parseHex("62706c6973743030" + objects + offsets + "000000000000" + "01" + "01"
                        + String.format("%016x%016x%016x", levels + 1, 0, 8 + levels * 3 + 1));
        assertThrows(IllegalArgumentException.class, () -> PropertyList.decode(bytes));
    }

    /** 100,000 references to one of 100,000 bytes. */
    @Test
    void aLongTextThatStandsInManyPlacesIsReadAndWrittenOnce() {
        Object read = PropertyList.decode(manyTimes(PropertyListWriter.ASCII));
        assertEquals(MANY, ((List<?>) read).size());
        byte[] written = PropertyList.encode(read);
        assertTrue(written.length < 3 * MANY, () -> "it takes " + written.length + " bytes");
        assertEquals(read, PropertyList.decode(written));
    }

    @Test
    void longDataThatStandInManyPlacesAreReadOnceAndNotWrittenForEach() {
        Object read = PropertyList.decode(manyTimes(PropertyListWriter.DATA));
        assertEquals(MANY, ((List<?>) read).size());
        assertThrows(IllegalArgumentException.class, () -> PropertyList.encode(read));
    }

    private static byte[] manyTimes(int kind) {
        ByteBuffer bytes = ByteBuffer.allocate(3 * MANY);
        bytes.put(PropertyListWriter.HEADER);
        int text = bytes.position();
        bytes.put((byte) (kind | PropertyListWriter.LONG_COUNT)).put((byte) 0x12);
        bytes.putInt(MANY).position(bytes.position() + MANY);
        int list = bytes.position();
        bytes.put((byte) 0xaf).put((byte) 0x12).putInt(MANY);
        bytes.position(bytes.position() + MANY); // of references to object 0
        int table = bytes.position();
        bytes.putInt(text).putInt(list);
        bytes.position(bytes.position() + 6).put((byte) Integer.BYTES).put((byte) 1);
        bytes.putLong(2).putLong(1).putLong(table);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /** A dictionary with itself as a key, and a list with itself in it. */
    @Test
    void whatContainsItselfIsRefused() {
        for (String objects : List.of("d10000", "a100")) {
            byte[] bytes = HexFormat.of()
                    .parseHex("62706c6973743030" + objects + "08" + "000000000000" + "01" + "01"
                            + String.format("%016x%016x%016x", 1, 0, 8 + objects.length() / 2));
            assertThrows(IllegalArgumentException.class, () -> PropertyList.decode(bytes));
        }
    }

    @Test
    void aValueThatCannotBeReadLeavesTheOthers() {
        Map<String, Object> map = new TreeMap<>(Map.of("a", 1L, "b", 2.5, "c", List.of("x")));
        byte[] bytes = PropertyList.encode(map);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == (PropertyListWriter.REAL | PropertyListWriter.EIGHT_BYTES)) {
                bytes[i] = 0x70;
            }
        }
        Map<String, Object> read = PropertyList.decodeMap(bytes);
        assertEquals(new Unreadable("the property list has an object of unknown kind 112"), read.put("b", 2.5));
        assertEquals(map, read);
        assertThrows(IllegalArgumentException.class, () -> PropertyList.decode(bytes));
    }

    @Test
    void wholeNumbersBeyondALongKeepTheirValue() {
        BigInteger least = BigInteger.ONE.shiftLeft(127).negate();
        for (BigInteger number : List.of(BigInteger.ONE.shiftLeft(63), least, least.not())) {
            Object copy = PropertyList.copyOf(List.of(number));
            assertEquals(List.of(number), PropertyList.decode(PropertyList.encode(copy)));
        }
        assertEquals(Long.MIN_VALUE, PropertyList.copyOf(BigInteger.valueOf(Long.MIN_VALUE)));
        BigInteger tooLarge = BigInteger.ONE.shiftLeft(127);
        assertThrows(IllegalArgumentException.class, () -> PropertyList.copyOf(tooLarge));
    }

    @Test
    void loneSurrogatesComeBack() {
        for (String text : List.of("\ud800", "a\udc00b", "\udc00\ud800", "ä\ud83d")) {
            assertEquals(text, PropertyList.decode(PropertyList.encode(text)));
        }
    }

    /** Some readers take a count or a reference for one byte unless it must be more. */
    @Test
    void countsAndReferencesAreAsNarrowAsCanBe() {
        assertEquals(0x10, PropertyList.encode("x".repeat(15))[9]);
        assertEquals(0x10, PropertyList.encode("x".repeat(255))[9]);
        assertEquals(0x11, PropertyList.encode("x".repeat(256))[9]);
        assertEquals(0x12, PropertyList.encode("x".repeat(65_536))[9]);
        for (int size : new int[] {254, 255, 256, 65_534, 65_535, 65_536}) {
            Object list = LongStream.range(0, size).mapToObj(each -> "" + each).toList();
            byte[] bytes = PropertyList.encode(list);
            int objects = size + 1;
            assertEquals(objects < 256 ? 1 : objects < 65_536 ? 2 : 4, bytes[bytes.length - 25], "for " + size);
            assertEquals(list, PropertyList.decode(bytes));
        }
    }

    @Test
    void bytesThatStandInTwoPlacesHaveTwoPositions() {
        byte[] bytes = HexFormat.of()
                .parseHex("62706c6973743030" + "4155" + "a20000" + "080a" + "000000000000" + "01" + "01"
                        + String.format("%016x%016x%016x", 2, 1, 13));
        List<?> list = (List<?>) PropertyList.decode(bytes);
        ((ByteBuffer) list.get(0)).get();
        assertEquals(1, ((ByteBuffer) list.get(1)).remaining());
    }

    @Test
    void whatIsTooLargeToAttachIsRefusedBeforeItIsCopied() {
        Object twice = "x";
        for (int i = 0; i < 60; i++) {
            twice = List.of(twice, twice);
        }
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        for (Object large : List.of(
                twice, new byte[17 << 20], ByteBuffer.allocate(17 << 20), "x".repeat(9 << 20), Map.of("x", twice))) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> PropertyList.copyOf(large));
            assertTrue(e.toString().contains("more than 16777216 bytes"), e::toString);
        }
        assertThrows(IllegalArgumentException.class, () -> PropertyList.copyOf(itself));
        assertEquals(15 << 20, ((ByteBuffer) PropertyList.copyOf(new byte[15 << 20])).remaining());
    }

    @Test
    void onlyADictionaryIsAMap() {
        assertThrows(IllegalArgumentException.class, () -> PropertyList.decodeMap(PropertyList.encode("x")));
        assertEquals(Map.of(), PropertyList.decodeMap(PropertyList.encode(Map.of())));
    }
}

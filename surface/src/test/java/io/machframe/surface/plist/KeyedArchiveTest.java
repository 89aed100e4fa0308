/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.plist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Beside what was recorded: {@link RecordedListsTest}. */
final class KeyedArchiveTest {
    private static final long SEED = 20261128;

    private static void assertRefused(String complaint, String key, Object value) {
        Map<String, Object> archive = new HashMap<>(Map.of(
                "$version",
                100_000L,
                "$archiver",
                "NSKeyedArchiver",
                "$top",
                Map.of("root", new Uid(1)),
                "$objects",
                List.of("$null", "hello")));
        assertEquals("hello", KeyedArchive.decode(PropertyList.encode(archive)));
        archive.put(key, value);
        byte[] bytes = PropertyList.encode(archive);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> KeyedArchive.decode(bytes));
        assertEquals("the keyed archive " + complaint, e.getMessage());
    }

    @Test
    void anArchiveOfSomethingElseIsRefused() {
        assertRefused("has another version", "$version", 100_001L);
        assertRefused("has another version", "$version", "100000");
        assertRefused("is of another archiver", "$archiver", "NSArchiver");
        assertRefused("has no $top", "$top", List.of(new Uid(1)));
        assertRefused("has a value that is no string or number", "$top", Map.of("toor", new Uid(1)));
        assertRefused("has a value that is no string or number", "$top", Map.of("root", List.of()));
        assertRefused("is one of null", "$top", Map.of("root", new Uid(0)));
        assertRefused("lacks its value", "$top", Map.of("root", new Uid(2)));
        assertRefused("lacks its value", "$top", Map.of("root", new Uid(Uid.MAX)));
        assertRefused("lacks its value", "$objects", Map.of());
        assertRefused("has a value that is no string or number", "$objects", List.of("$null", Map.of("NS.x", 1L)));
        assertRefused("has a value that is no string or number", "$objects", List.of("$null", new Uid(1)));
    }

    @Test
    void onlyOneStringOrNumberIsArchived() {
        for (Object value : List.of("x", 1L, 2.5, true, BigInteger.ONE.shiftLeft(64))) {
            assertEquals(value, KeyedArchive.decode(KeyedArchive.encode(value)));
        }
        assertEquals(7L, KeyedArchive.decode(KeyedArchive.encode(7)));
        for (Object value : List.of(List.of("x"), new byte[1], Map.of(), 'c', new Uid(1))) {
            assertThrows(IllegalArgumentException.class, () -> KeyedArchive.encode(value));
        }
    }

    @Test
    void damagedBytesAreAnErrorOrAnotherValue() {
        Random random = new Random(SEED);
        byte[] whole = KeyedArchive.encode("hello");
        int refused = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = Arrays.copyOf(whole, random.nextInt(10) == 0 ? random.nextInt(whole.length) : whole.length);
            for (int change = random.nextInt(4); change >= 0 && bytes.length > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                KeyedArchive.decode(bytes);
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertTrue(refused > 1000 && refused < 50_000, "refused " + refused);
    }
}

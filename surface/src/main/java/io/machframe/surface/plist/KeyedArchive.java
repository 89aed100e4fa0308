/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.plist;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that {@code NSKeyedArchiver} makes of one string or number under the key {@code root}: a binary property list
 * whose {@code $objects} have the value itself, without an entry for its class.
 */
public final class KeyedArchive {
    private static final String ARCHIVER = "$archiver";
    private static final String ARCHIVER_NAME = "NSKeyedArchiver";
    private static final String VERSION = "$version";
    private static final long VERSION_NUMBER = 100_000;
    private static final String TOP = "$top";
    private static final String ROOT = "root";
    private static final String OBJECTS = "$objects";
    private static final String NULL = "$null";

    private KeyedArchive() {}

    /**
     * Archives a value.
     *
     * @param value a {@code String}, {@code Boolean}, {@code Long}, {@code Double}, {@code Float}, {@code BigInteger}, or
     *     smaller whole number
     * @throws IllegalArgumentException if it is of another type or too large
     */
    public static byte[] encode(Object value) {
        Object archived = value instanceof Float ? value : PropertyList.copyOf(value);
        if (!isSimple(archived)) {
            throw new IllegalArgumentException("only a string or a number is archived, not " + value.getClass());
        }
        Map<String, Object> archive = new LinkedHashMap<>();
        archive.put(VERSION, VERSION_NUMBER);
        archive.put(ARCHIVER, ARCHIVER_NAME);
        archive.put(TOP, Map.of(ROOT, new Uid(1)));
        archive.put(OBJECTS, List.of(NULL, archived));
        return PropertyList.encode(archive);
    }

    /**
     * Reads an archive from an untrusted writer.
     *
     * @return a {@code String}, {@code Boolean}, {@code Long}, {@code BigInteger} or {@code Double}
     * @throws IllegalArgumentException if the bytes are no archive, or one of something else
     */
    public static Object decode(byte[] bytes) {
        Map<?, ?> archive = map(PropertyList.decode(bytes), "archive");
        require(ARCHIVER_NAME.equals(archive.get(ARCHIVER)), "is of another archiver");
        require(Long.valueOf(VERSION_NUMBER).equals(archive.get(VERSION)), "has another version");
        Object value = map(archive.get(TOP), TOP).get(ROOT);
        if (value instanceof Uid uid) { // else a number that was archived without an object
            List<?> objects = archive.get(OBJECTS) instanceof List<?> list ? list : List.of();
            require(uid.value() < objects.size(), "lacks its value");
            require(uid.value() > 0, "is one of null");
            value = objects.get((int) uid.value());
        }
        if (value == null || !isSimple(value)) {
            throw new IllegalArgumentException("the keyed archive has a value that is no string or number");
        }
        return value;
    }

    private static boolean isSimple(Object value) {
        return value instanceof String
                || value instanceof Boolean
                || value instanceof Long
                || value instanceof BigInteger
                || value instanceof Double
                || value instanceof Float;
    }

    private static Map<?, ?> map(@Nullable Object value, String what) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new IllegalArgumentException("the keyed archive has no " + what);
    }

    private static void require(boolean holds, String complaint) {
        if (!holds) {
            throw new IllegalArgumentException("the keyed archive " + complaint);
        }
    }
}

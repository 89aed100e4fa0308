/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import java.util.Map;
import java.util.Optional;

/**
 * A type of the C interface as the table spells it: {@code i32}, {@code pointer}, {@code struct:CFRange:16:8}.
 *
 * @param name the spelling
 */
public record Kind(String name) {
    public static final Kind VOID = new Kind("void");
    public static final Kind POINTER = new Kind("pointer");
    public static final Kind U32 = new Kind("u32");
    public static final Kind U64 = new Kind("u64");

    /** What a scalar kind is in C, and the one Java type that has its width and its register class. */
    private record Scalar(String c, int bytes, Class<?> java) {}

    private static final Map<String, Scalar> SCALARS = Map.ofEntries(
            Map.entry("i8", new Scalar("int8_t", 1, byte.class)),
            Map.entry("u8", new Scalar("uint8_t", 1, byte.class)),
            Map.entry("bool", new Scalar("_Bool", 1, byte.class)),
            Map.entry("i16", new Scalar("int16_t", 2, short.class)),
            Map.entry("u16", new Scalar("uint16_t", 2, short.class)),
            Map.entry("i32", new Scalar("int32_t", 4, int.class)),
            Map.entry("u32", new Scalar("uint32_t", 4, int.class)),
            Map.entry("i64", new Scalar("int64_t", 8, long.class)),
            Map.entry("u64", new Scalar("uint64_t", 8, long.class)),
            Map.entry("f32", new Scalar("float", 4, float.class)),
            Map.entry("f64", new Scalar("double", 8, double.class)),
            Map.entry("pointer", new Scalar("void *", 8, long.class)),
            Map.entry("fnpointer", new Scalar("void *", 8, long.class)),
            Map.entry("block", new Scalar("void *", 8, long.class)),
            Map.entry("void", new Scalar("void", 0, void.class)));

    /** Returns the Java type a binding declares for this kind; empty for one it cannot pass, such as a structure. */
    public Optional<Class<?>> javaType() {
        return Optional.ofNullable(SCALARS.get(name)).map(Scalar::java);
    }

    boolean isVoid() {
        return equals(VOID);
    }

    boolean isPointer() {
        return scalar().c().equals("void *");
    }

    boolean isFloating() {
        return name.startsWith("f") && !isPointer();
    }

    String c() {
        return scalar().c();
    }

    /** Returns the size of a value, in bytes. */
    public int bytes() {
        return scalar().bytes();
    }

    private Scalar scalar() {
        Scalar scalar = SCALARS.get(name);
        if (scalar == null) {
            throw new UnsupportedOperationException(name + " is no scalar");
        }
        return scalar;
    }

    @Override
    public String toString() {
        return name;
    }
}

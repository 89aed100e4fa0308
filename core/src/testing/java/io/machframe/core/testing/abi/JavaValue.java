/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import org.jspecify.annotations.Nullable;

/** Values of Java's primitive types as bits, with zeros above. */
final class JavaValue {
    private JavaValue() {}

    /** Returns the value of {@code type} whose bits are the low ones of {@code bits}. */
    static Object of(Class<?> type, long bits) {
        if (type == byte.class) {
            return (byte) bits;
        } else if (type == short.class) {
            return (short) bits;
        } else if (type == int.class) {
            return (int) bits;
        } else if (type == long.class) {
            return bits;
        } else if (type == float.class) {
            return Float.intBitsToFloat((int) bits);
        } else if (type == double.class) {
            return Double.longBitsToDouble(bits);
        }
        throw new UnsupportedOperationException("a binding does not pass " + type);
    }

    /** Returns the bits of a boxed value; a method that answers nothing answered null, which is 0. */
    static long bits(@Nullable Object value) {
        if (value == null) {
            return 0;
        } else if (value instanceof Byte b) {
            return Byte.toUnsignedLong(b);
        } else if (value instanceof Short s) {
            return Short.toUnsignedLong(s);
        } else if (value instanceof Integer i) {
            return Integer.toUnsignedLong(i);
        } else if (value instanceof Long l) {
            return l;
        } else if (value instanceof Float f) {
            return Integer.toUnsignedLong(Float.floatToRawIntBits(f));
        } else if (value instanceof Double d) {
            return Double.doubleToRawLongBits(d);
        }
        throw new UnsupportedOperationException("a binding does not answer " + value.getClass());
    }

    static int bytes(Class<?> type) {
        return type == void.class ? 0 : bytesOf(type);
    }

    private static int bytesOf(Class<?> type) {
        if (type == byte.class) {
            return Byte.BYTES;
        } else if (type == short.class) {
            return Short.BYTES;
        } else if (type == int.class || type == float.class) {
            return Integer.BYTES;
        } else if (type == long.class || type == double.class) {
            return Long.BYTES;
        }
        throw new UnsupportedOperationException("a binding has no " + type);
    }
}

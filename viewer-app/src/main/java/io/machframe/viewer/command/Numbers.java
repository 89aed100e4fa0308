/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.command;

import java.math.BigInteger;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads numbers, and says what a number is to a user rather than to Java. */
final class Numbers {
    private Numbers() {}

    static void registerAt(CommandLine commands) {
        ITypeConverter<Integer> ints = text -> (int) whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
        ITypeConverter<Long> longs = text -> whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
        commands.registerConverter(int.class, ints);
        commands.registerConverter(Integer.class, ints);
        commands.registerConverter(long.class, longs);
        commands.registerConverter(Long.class, longs);
        commands.registerConverter(double.class, Numbers::number);
        commands.registerConverter(Double.class, Numbers::number);
    }

    private static long whole(String text, long least, long most) {
        if (!text.matches("[+-]?[0-9]+")) {
            throw new TypeConversionException("'" + text + "' is not a whole number");
        }
        BigInteger value = new BigInteger(text);
        if (value.compareTo(BigInteger.valueOf(least)) < 0 || value.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new TypeConversionException(text + " is not between " + least + " and " + most);
        }
        return value.longValueExact();
    }

    private static double number(String text) {
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new TypeConversionException("'" + text + "' is not a number");
    }
}

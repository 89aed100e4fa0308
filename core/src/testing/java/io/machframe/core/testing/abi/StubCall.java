/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A call that arrived in a {@link StubLibrary}, as the C code saw it. */
public record StubCall(String function, List<Value> arguments, Value result) {
    /**
     * A value in C.
     *
     * @param bytes its width
     * @param bits it, with zeros above
     * @param memory what it points to, in hexadecimal, where the stub was told to read that; else empty
     */
    public record Value(int bytes, long bits, String memory) {
        private static Value parse(String text) {
            String[] parts = text.split("[:|]", -1);
            return new Value(
                    Integer.parseInt(parts[0]), Long.parseUnsignedLong(parts[1], 16), parts.length > 2 ? parts[2] : "");
        }
    }

    static StubCall parse(String line) {
        String[] sides = line.split(" = ", -1);
        List<String> words = Arrays.asList(sides[0].split(" ", -1));
        List<Value> arguments =
                words.subList(1, words.size()).stream().map(Value::parse).toList();
        return new StubCall(words.get(0), arguments, Value.parse(sides[1]));
    }

    /** Returns an argument as an int, whatever its width. */
    public int intArgument(int index) {
        return (int) argument(index);
    }

    /** Returns the bits of an argument, with zeros above. */
    public long argument(int index) {
        return arguments.get(index).bits();
    }

    /** Returns the memory that an argument pointed to, little-endian. */
    public ByteBuffer memory(int index) {
        byte[] bytes = HexFormat.of().parseHex(arguments.get(index).memory());
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns the string that an argument pointed to. */
    public String string(int index) {
        return StandardCharsets.UTF_8.decode(memory(index)).toString();
    }
}

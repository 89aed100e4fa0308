/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.machframe.core.testing.ChildProcess;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls each native method of a class, through the mapping that JNA makes of it, into a {@link StubLibrary}, and
 * compares what arrived there and what came back. Everything that differs is one line of the answer.
 *
 * <p>Another JVM does it, because a class is bound once per process and a wrong binding may end the process.
 */
public final class BindingProbe {
    private static final String END = "end of the probe";

    private final List<String> differences = new ArrayList<>();
    private final StubLibrary stub;

    private BindingProbe(StubLibrary stub) {
        this.stub = stub;
    }

    /**
     * Returns what differs between {@code mapping} and the signatures that {@code stub} was made of. Throws
     * {@link IllegalStateException} if a call ends the other JVM.
     */
    public static List<String> differences(Class<?> mapping, StubLibrary stub) throws IOException {
        List<String> lines = new ArrayList<>();
        try (ChildProcess child = ChildProcess.start(
                BindingProbe.class, mapping.getName(), stub.path().toString())) {
            for (String line = child.readLine(); !line.equals(END); line = child.readLine()) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** Probes the class {@code args[0]} with the library {@code args[1]} and prints what differs. */
    public static void main(String[] args) throws ReflectiveOperationException {
        Class<?> mapping = Class.forName(args[0]);
        Native.register(mapping, NativeLibrary.getInstance(args[1]));
        BindingProbe probe = new BindingProbe(StubLibrary.open(Path.of(args[1])));
        for (Method method : BindingCheck.natives(mapping)) {
            probe.probe(method);
        }
        probe.differences.forEach(System.out::println);
        System.out.println(END);
    }

    private void probe(Method method) throws ReflectiveOperationException {
        String name = method.getName();
        Signature signature =
                AbiTable.of(Arch.ofThisJvm()).function(name).orElseThrow().signature();
        Class<?>[] types = method.getParameterTypes();
        if (types.length != signature.parameters().size()) {
            differences.add(name + ": declares " + types.length + " parameters, not " + signature);
            return;
        }
        long[] sent = new long[types.length];
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            sent[i] = pattern(name, i, signature.parameters().get(i));
            arguments[i] = JavaValue.of(types[i], sent[i]);
        }
        long answer = pattern(name, types.length, signature.result());
        stub.answer(name, answer);
        stub.forget();
        method.setAccessible(true);
        long result = JavaValue.bits(method.invoke(null, arguments));
        StubCall call = stub.onlyCall();
        for (int i = 0; i < types.length; i++) {
            StubCall.Value received = call.arguments().get(i);
            compare(name + ": parameter " + i, types[i], received.bytes(), sent[i], received.bits());
        }
        compare(name + ": result", method.getReturnType(), signature.result().bytes(), answer, result);
    }

    private void compare(String what, Class<?> type, int bytes, long sent, long received) {
        if (JavaValue.bytes(type) != bytes) {
            differences.add(what + " has " + bytes + " bytes in C, " + JavaValue.bytes(type) + " in Java");
        }
        if (sent != received) {
            differences.add(String.format("%s: %x was sent, %x arrived", what, sent, received));
        }
    }

    /** Returns bits for a value of {@code kind} that no other place has: no byte of them is 0, and the sign is set. */
    private static long pattern(String function, int place, Kind kind) {
        long seed = function.hashCode() * 31L + place;
        if (kind.isVoid()) {
            return 0;
        }
        if (kind.name().equals("bool")) {
            return 1;
        }
        if (kind.isFloating()) {
            double number = -1.0 / (3 + Math.floorMod(seed, 1000));
            return kind.bytes() == Float.BYTES
                    ? Integer.toUnsignedLong(Float.floatToRawIntBits((float) number))
                    : Double.doubleToRawLongBits(number);
        }
        long bits = seed * 0x9e3779b97f4a7c15L | 0x8181818181818181L;
        return bits >>> (Long.SIZE - kind.bytes() * Byte.SIZE);
    }
}

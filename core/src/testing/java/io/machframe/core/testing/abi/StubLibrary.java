/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A library of macOS as far as a binding can see it: compiled on this machine from the signatures of the ABI table, with
 * the functions and variables that the binding uses. Functions log what arrives and answer what they are told; they do
 * nothing else.
 *
 * <p>Nothing is unloaded, since a class may stay bound to it.
 */
public final class StubLibrary {
    /** A length for {@link #read}: a string up to its final 0. */
    public static final int STRING = -1;

    private static final Map<List<Class<?>>, StubLibrary> SHARED = new HashMap<>();

    private final Path path;
    private final NativeLibrary library;
    private final Control control;

    /** The functions of {@code stub-runtime.c}. */
    private interface Control extends Library {
        int stub_answer(String function, long answer, long step);

        int stub_read(String function, int parameter, int size);

        int stub_write(String function, int parameter, byte[] bytes, int size);

        String stub_log();

        void stub_forget();

        void stub_reset();
    }

    private StubLibrary(Path path) {
        this.path = path;
        this.library = NativeLibrary.getInstance(path.toString());
        this.control = Native.load(path.toString(), Control.class);
    }

    /**
     * Compiles a library with the native methods that classes declare, or skips the test for want of a compiler.
     *
     * @param folder where to leave it
     * @param mappings the classes; of several libraries, so that one log tells the order of calls into all
     * @param variables the names of its variables, zero at first; one that C code passes by its address is not readable
     */
    public static StubLibrary compile(Path folder, List<Class<?>> mappings, List<String> variables)
            throws IOException, InterruptedException {
        CCompiler compiler = CCompiler.orSkip();
        Path source = folder.resolve("stub.c");
        Path library = folder.resolve("libstub.so");
        Files.writeString(source, StubSource.of(Arch.ofThisJvm(), mappings, variables));
        compiler.compile(source, library);
        return new StubLibrary(library);
    }

    /**
     * Compiles a library as {@link #compile} does, or returns the one that was compiled for the same classes before in
     * this JVM: all tests that bind them share one. The files go when the JVM ends.
     */
    public static synchronized StubLibrary shared(List<Class<?>> mappings, List<String> variables) {
        return SHARED.computeIfAbsent(mappings, absent -> {
            try {
                return compileUntilExit(mappings, variables);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while the stub was compiled", e);
            }
        });
    }

    private static StubLibrary compileUntilExit(List<Class<?>> mappings, List<String> variables)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("machframe-stub");
        folder.toFile().deleteOnExit();
        StubLibrary stub = compile(folder, mappings, variables);
        try (Stream<Path> files = Files.list(folder)) {
            files.forEach(file -> file.toFile().deleteOnExit());
        }
        return stub;
    }

    /** Opens a library that was compiled before, in this process or another; calls are logged for each process. */
    static StubLibrary open(Path library) {
        return new StubLibrary(library);
    }

    /** Returns what to load. */
    public Path path() {
        return path;
    }

    /** Lets a function answer {@code bits}, of which it returns as many as its type has; 0 until told otherwise. */
    public void answer(String function, long bits) {
        answer(function, bits, 0);
    }

    /** Lets a function answer {@code first}, then each time {@code step} more: handles that can be told apart. */
    public void answer(String function, long first, long step) {
        done(control.stub_answer(function, first, step), function);
    }

    /** Lets the log show {@code size} bytes, or a {@link #STRING}, of what a parameter points to. */
    public void read(String function, int parameter, int size) {
        done(control.stub_read(function, parameter, size), function);
    }

    /** Lets a function write through a parameter. */
    public void write(String function, int parameter, byte[] bytes) {
        done(control.stub_write(function, parameter, bytes, bytes.length), function);
    }

    /** Lets a function write ints through a parameter, as C lays them out. */
    public void writeInts(String function, int parameter, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.nativeOrder());
        bytes.asIntBuffer().put(values);
        write(function, parameter, bytes.array());
    }

    private static void done(int code, String function) {
        if (code != 0) {
            throw new IllegalArgumentException("the stub has no such function or parameter: " + function);
        }
    }

    /** Sets a variable of 4 bytes. */
    public void setInt(String variable, int value) {
        library.getGlobalVariableAddress(variable).setInt(0, value);
    }

    /** Sets a variable of 8 bytes. */
    public void setLong(String variable, long value) {
        library.getGlobalVariableAddress(variable).setLong(0, value);
    }

    /** Returns where a variable lies. */
    public long address(String variable) {
        return Pointer.nativeValue(library.getGlobalVariableAddress(variable));
    }

    /** Returns the calls that arrived since the last {@link #forget}, oldest first. */
    public List<StubCall> calls() {
        return control.stub_log().lines().map(StubCall::parse).toList();
    }

    /** Returns the calls of one function. */
    public List<StubCall> calls(String function) {
        return calls().stream().filter(call -> call.function().equals(function)).toList();
    }

    /** Returns the only call that arrived. Throws {@link IllegalStateException} if it is not one. */
    public StubCall onlyCall() {
        List<StubCall> calls = calls();
        if (calls.size() != 1) {
            throw new IllegalStateException("not one call but " + calls);
        }
        return calls.get(0);
    }

    /** Empties the log; what functions were told to do stays. */
    public void forget() {
        control.stub_forget();
    }

    /** Empties the log and lets every function answer 0 again, and read and write nothing; variables stay. */
    public void reset() {
        control.stub_reset();
    }
}

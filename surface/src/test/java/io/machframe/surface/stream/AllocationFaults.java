/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Lets the library meet an Error where it makes an object: an agent that has a call put beside each place in the library's
 * code that allocates. The library knows nothing of it.
 */
@SuppressWarnings("StaticAssignmentOfThrowable") // made before, since nothing can be made where it is thrown
public final class AllocationFaults {
    /** Which threads meet one. */
    enum Threads {
        /** The one that asked. */
        CALLER,
        /** Those that the library started. */
        LIBRARY
    }

    private static final AtomicInteger LEFT = new AtomicInteger();
    private static volatile @Nullable Error fault;
    private static volatile @Nullable Thread caller;

    private AllocationFaults() {}

    /**
     * Has the next threads of a kind meet an Error at one allocation.
     *
     * @param step how many allocations go well before
     */
    static void arm(Threads threads, int step, Error error) {
        caller = threads == Threads.CALLER ? Thread.currentThread() : null;
        LEFT.set(step);
        fault = error;
    }

    /** Returns whether the Error was met. There is none from now on. */
    static boolean disarm() {
        fault = null;
        return LEFT.get() < 0;
    }

    /** Called at each allocation. */
    public static void step() {
        Error error = fault;
        if (error != null && isMeant(Thread.currentThread()) && LEFT.getAndDecrement() == 0) {
            fault = null;
            error.fillInStackTrace();
            throw error;
        }
    }

    private static boolean isMeant(Thread thread) {
        Thread asked = caller;
        return asked == null ? thread.getName().startsWith("machframe-") : thread == asked;
    }

    /** Writes the file to start a JVM with, {@code -javaagent}. */
    static void writeAgent(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), AllocationFaults.class.getName());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream empty = new JarOutputStream(file, manifest)) {
            empty.finish();
        }
    }

    /** Called by the JVM. */
    public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte @Nullable [] transform(
                    @Nullable ClassLoader loader,
                    String name,
                    @Nullable Class<?> redefined,
                    @Nullable ProtectionDomain domain,
                    byte[] file) {
                boolean isLibrary = name.startsWith("io/machframe/")
                        && !name.contains("/testing/")
                        && !name.contains("Test")
                        && !name.contains("AllocationFaults");
                return isLibrary ? instrumented(file) : null;
            }
        });
    }

    private static byte[] instrumented(byte[] file) {
        ClassReader reader = new ClassReader(file);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access,
                            String name,
                            String descriptor,
                            @Nullable String signature,
                            String @Nullable [] exceptions) {
                        MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
                        return name.equals("<clinit>") ? method : new Steps(method);
                    }
                },
                0);
        return writer.toByteArray();
    }

    /** Puts the call beside what allocates. */
    private static final class Steps extends MethodVisitor {
        Steps(MethodVisitor target) {
            super(Opcodes.ASM9, target);
        }

        private void step() {
            super.visitMethodInsn(
                    Opcodes.INVOKESTATIC, AllocationFaults.class.getName().replace('.', '/'), "step", "()V", false);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            super.visitTypeInsn(opcode, type);
            if (opcode == Opcodes.NEW || opcode == Opcodes.ANEWARRAY) {
                step(); // behind it, since frames know an object by where it is made
            }
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            if (opcode == Opcodes.NEWARRAY) {
                step();
            }
            super.visitIntInsn(opcode, operand);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            if (Type.getArgumentTypes(descriptor).length > 0
                    && Type.getReturnType(descriptor).getSort() == Type.OBJECT) {
                step(); // others make nothing, or once and for all
            }
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        }
    }
}

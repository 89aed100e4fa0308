/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.linux.port.LinuxKernels;
import io.machframe.core.testing.ChildProcess;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Tasks of a scenario that are processes of their own: each call goes there as a line of text with its arguments, and
 * comes back as one with its answer. A task ends by SIGKILL.
 */
final class OracleProcess {
    private static final int PATIENCE_MILLIS = 60_000;

    private OracleProcess() {}

    /** Makes the first task, in this process, which others find under a name. */
    static OracleTask first(String name) {
        MachKernel kernel = LinuxKernels.newTask();
        int[] inbox = new int[1];
        OracleTask.require(LinuxKernels.bootstrap(kernel).checkIn(name, inbox));
        return new OracleTask(kernel, inbox[0], kernel::terminate);
    }

    /** Starts a process that links itself with the first task. */
    static OracleTask start(String name, OracleTask first) {
        try {
            ChildProcess child = ChildProcess.start(Child.class, name);
            MachCalls calls = (MachCalls) Proxy.newProxyInstance(
                    MachCalls.class.getClassLoader(),
                    new Class<?>[] {MachCalls.class},
                    (proxy, method, arguments) -> call(child, method, arguments));
            OracleTask task = new OracleTask(calls, Integer.parseInt(child.readLine()), child::close);
            task.link(first, Integer.parseInt(child.readLine()));
            first.link(task, first.receivePassed());
            return task;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object call(ChildProcess child, Method method, Object[] arguments) throws Exception {
        if (method.getName().equals("newBuffer")) {
            return buffer(new byte[(int) arguments[0]]);
        }
        Object[] line = new Object[arguments.length + 1];
        line[0] = method.getName();
        for (int i = 0; i < arguments.length; i++) {
            line[i + 1] = arguments[i] instanceof MessageBuffer buffer ? bytes(buffer) : arguments[i];
        }
        child.writeLine(written(line));
        Object[] answer = read(child.readLine());
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof MessageBuffer buffer) {
                buffer.bytes().put(0, (byte[]) answer[i + 1]);
            } else if (arguments[i].getClass().isArray()) {
                System.arraycopy(answer[i + 1], 0, arguments[i], 0, java.lang.reflect.Array.getLength(arguments[i]));
            }
        }
        return answer[0];
    }

    private static MessageBuffer buffer(byte[] bytes) {
        return new MessageBuffer(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), 0);
    }

    private static byte[] bytes(MessageBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.bytes().get(0, bytes);
        return bytes;
    }

    private static String written(Object[] line) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(line);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static Object[] read(String line) throws Exception {
        try (ObjectInputStream in = new ObjectInputStream(
                new ByteArrayInputStream(Base64.getDecoder().decode(line)))) {
            return (Object[]) in.readObject();
        }
    }

    /** Makes the calls of the lines it reads. */
    static final class Child {
        private static final int SIZE = MessageLayout.DESCRIPTORS + MessageLayout.PORT_DESCRIPTOR_SIZE;

        private Child() {}

        public static void main(String[] arguments) throws Exception {
            MachKernel kernel = LinuxKernels.newTask();
            int[] inbox = new int[1];
            int[] first = new int[1];
            OracleTask.require(kernel.construct(0, 0, 0, inbox));
            OracleTask.require(LinuxKernels.bootstrap(kernel).lookUp(arguments[0], PATIENCE_MILLIS, first));
            System.out.println(inbox[0]);
            System.out.println(first[0]);
            introduce(kernel, inbox[0], first[0]);
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(written(perform(kernel, read(line))));
            }
        }

        private static void introduce(MachKernel kernel, int inbox, int first) {
            MessageBuffer buffer = kernel.newBuffer(SIZE);
            buffer.bytes().putInt(MessageLayout.BITS, MessageLayout.BITS_COMPLEX | Mach.MACH_MSG_TYPE_COPY_SEND);
            buffer.bytes().putInt(MessageLayout.REMOTE_PORT, first).putInt(MessageLayout.DESCRIPTOR_COUNT, 1);
            buffer.bytes().putInt(MessageLayout.DESCRIPTORS, inbox);
            buffer.bytes().put(MessageLayout.DESCRIPTORS + MessageLayout.DESCRIPTOR_DISPOSITION, (byte)
                    Mach.MACH_MSG_TYPE_MAKE_SEND);
            OracleTask.require(kernel.message(buffer, Mach.MACH_SEND_MSG, SIZE, 0, 0, 0));
        }

        private static Object[] perform(MachKernel kernel, Object[] line) throws Exception {
            Method method = Arrays.stream(MachCalls.class.getMethods())
                    .filter(each -> each.getName().equals(line[0]))
                    .findFirst()
                    .orElseThrow();
            Object[] arguments = Arrays.copyOfRange(line, 1, line.length);
            MessageBuffer message = null;
            for (int i = 0; i < arguments.length; i++) {
                if (arguments[i] instanceof byte[] bytes) {
                    message = kernel.newBuffer(bytes.length);
                    message.bytes().put(0, bytes);
                    arguments[i] = message;
                }
            }
            line[0] = method.invoke(kernel, arguments);
            for (int i = 0; i < arguments.length; i++) {
                line[i + 1] = arguments[i] == message && message != null ? bytes(message) : arguments[i];
            }
            return line;
        }
    }
}

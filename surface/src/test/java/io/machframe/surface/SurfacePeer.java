/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.Platform;
import io.machframe.core.platform.linux.memory.HostileMemory;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.memory.ExportedMemory;
import io.machframe.surface.property.PurgeState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A child process that holds surfaces, the way to send it ports, and to tell it what to do with them. */
final class SurfacePeer implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final ChildProcess process;
    private final SendRight inbox;

    SurfacePeer() throws Exception {
        String service = "surface-test-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        try (ReceiveRight door = Bootstrap.checkIn(service)) {
            process = ChildProcess.start(Child.class, service);
            try (ReceivedMessage hello =
                    ReceivedMessage.tryReceiveFrom(door, PATIENCE).orElseThrow()) {
                inbox = hello.takeSendRight(0);
            }
        }
    }

    ChildProcess process() {
        return process;
    }

    long pid() {
        return process.pid();
    }

    String ask(String command) throws IOException {
        process.writeLine(command);
        return process.readLine();
    }

    void send(IOSurface surface) throws Exception {
        try (OutgoingMessage message =
                OutgoingMessage.builder().move(surface.createMachPort()).build()) {
            message.sendTo(inbox);
        }
    }

    void sendAndReceive(IOSurface surface) throws Exception {
        send(surface);
        assertTrue(ask("receive").startsWith("received "));
    }

    void sendReplyPort(ReceiveRight port) throws Exception {
        try (OutgoingMessage message = OutgoingMessage.builder().makeSend(port).build()) {
            message.sendTo(inbox);
        }
    }

    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        inbox.close();
        process.close();
    }

    SendRight inbox() {
        return inbox;
    }

    static IOSurface picture() throws MachException {
        return IOSurface.create(SurfaceProperties.of(320, 240, PixelFormat.BGRA));
    }

    @SuppressWarnings("deprecation")
    static IOSurface globalPicture() throws Exception {
        return IOSurface.create(SurfaceProperties.unspecified()
                .withWidth(320)
                .withHeight(240)
                .withPixelFormat(PixelFormat.BGRA)
                .withGlobal());
    }

    /** Receives surfaces and does with them what it is told. */
    static final class Child {
        private final ReceiveRight inbox;
        private @Nullable IOSurface received;
        private @Nullable SendRight lastPort;
        private @Nullable SendRight replyPort;
        private @Nullable ExportedMemory exported;

        private Child(ReceiveRight inbox) {
            this.inbox = inbox;
        }

        public static void main(String[] arguments) throws Exception {
            ReceiveRight inbox = Task.self().allocatePort();
            try (SendRight door = Bootstrap.lookUp(arguments[0], PATIENCE);
                    OutgoingMessage hello =
                            OutgoingMessage.builder().makeSend(inbox).build()) {
                hello.sendTo(door);
            }
            Child child = new Child(inbox);
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(child.answer(line));
            }
        }

        private String answer(String line) throws Exception {
            return switch (line) {
                case "receive port" -> {
                    receivePort();
                    yield "port received";
                }
                case "close port" -> {
                    port().close();
                    yield "port closed";
                }
                case "receive" -> {
                    received = receiveSurface();
                    yield "received " + received.id() + " " + received.planes();
                }
                case "receive again" -> {
                    try (IOSurface again = receiveSurface()) {
                        yield again.equals(received)
                                        && again.hashCode() == surface().hashCode()
                                ? "equal"
                                : "other";
                    }
                }
                case "use and lock" -> {
                    received = receiveSurface();
                    yield useAndLock();
                }
                case "use and lock made" -> useAndLock();
                case "make port" -> {
                    lastPort = surface().createMachPort();
                    yield "port made";
                }
                case "receive reply port" -> {
                    receivePort();
                    replyPort = port();
                    yield "reply port received";
                }
                case "send port" -> {
                    try (OutgoingMessage message =
                            OutgoingMessage.builder().move(port()).build()) {
                        message.sendTo(Objects.requireNonNull(replyPort));
                    }
                    yield "sent";
                }
                case "export" -> {
                    exported = surface().exportMemory();
                    yield "exported " + exported.size();
                }
                case "make" -> {
                    received = picture();
                    yield "made";
                }
                case "use" -> {
                    surface().incrementUseCount();
                    yield Integer.toString(surface().useCount());
                }
                case "end use" -> {
                    surface().decrementUseCount();
                    yield Integer.toString(surface().useCount());
                }
                case "in use" -> Boolean.toString(surface().isInUse());
                case "seed" -> Integer.toString(surface().seed());
                case "make surface" -> {
                    makeAndSend(picture());
                    yield "made";
                }
                case "make and send global" -> Integer.toString(makeAndSend(globalPicture()));
                case "make global" -> {
                    received = globalPicture();
                    yield Integer.toString(received.id());
                }
                case "churn" -> churn();
                case "left" -> left();
                case "attack" -> attack();
                case "adopt" -> {
                    received = IOSurface.fromMachPort(port());
                    port().close();
                    yield received.isReadOnly() + " "
                            + received.attachments().find("maker").orElse("");
                }
                case "attached" ->
                    surface().attachments().find("maker").orElse("").toString();
                case "attach" -> refused(() -> surface().attachments().set("peer", 1));
                case "purge" -> refused(() -> surface().setPurgeable(PurgeState.EMPTY));
                case "close" -> {
                    surface().close();
                    yield "closed";
                }
                default ->
                    line.startsWith("look up ")
                            ? lookUp(Integer.parseInt(line.substring(8)))
                            : readOrWrite(line.split(" "));
            };
        }

        /** Does all that a surface can be used for, with each that arrives, until it is killed. */
        private String churn() throws Exception {
            while (true) {
                try (IOSurface surface = receiveSurface();
                        SurfaceLock lock = surface.lock();
                        SendRight port = surface.createMachPort();
                        IOSurface same = IOSurface.fromMachPort(port);
                        ExportedMemory memory = surface.exportMemory()) {
                    surface.incrementUseCount();
                    lock.plane(0).bytes().put(memory.descriptor(), (byte) 1);
                    same.attachments().set("churned", surface.seed());
                }
            }
        }

        /** What this process holds of surfaces, in numbers. */
        private static String left() {
            long descriptors = ProcessResources.descriptors("memfd:") + ProcessResources.descriptors("dmabuf:");
            long mappings = ProcessResources.mappings("memfd:") + ProcessResources.mappings("dmabuf:");
            return descriptors + " descriptors, " + mappings + " mappings";
        }

        private String lookUp(int id) throws Exception {
            Optional<IOSurface> found = IOSurface.lookUp(id);
            found.ifPresent(surface -> received = surface);
            return found.isPresent() ? "found" : "none";
        }

        private interface Attempt {
            void run() throws MachException;
        }

        private static String refused(Attempt attempt) {
            try {
                attempt.run();
                return "done";
            } catch (MachException e) {
                return e.reason().code() == KernReturn.KERN_NO_ACCESS ? "refused" : e.toString();
            }
        }

        private String attack() {
            int[][] fds = new int[1][];
            int name = port().name().value();
            int code = Platform.current().memoryPorts().open(name, fds);
            return code == 0 ? HostileMemory.writes(fds[0][0]).toString() : new KernReturn(code).toString();
        }

        private void receivePort() throws Exception {
            try (ReceivedMessage message =
                    ReceivedMessage.tryReceiveFrom(inbox, PATIENCE).orElseThrow()) {
                lastPort = message.takeSendRight(0);
            }
        }

        private IOSurface receiveSurface() throws Exception {
            receivePort();
            try (SendRight port = port()) {
                return IOSurface.fromMachPort(port);
            }
        }

        private String useAndLock() throws Exception {
            surface().incrementUseCount();
            return "locked " + surface().lock().seed();
        }

        /** Keeps nothing of it but the port that is sent. */
        private int makeAndSend(IOSurface made) throws Exception {
            receivePort();
            try (made) {
                try (SurfaceLock lock = made.lock()) {
                    lock.plane(0).bytes().put(7, (byte) 99);
                }
                try (OutgoingMessage message =
                        OutgoingMessage.builder().move(made.createMachPort()).build()) {
                    message.sendTo(port());
                }
                return made.id();
            }
        }

        /** {@code read OFFSET} or {@code write OFFSET VALUE}. */
        private String readOrWrite(String[] words) {
            int offset = Integer.parseInt(words[1]);
            if (words[0].equals("read")) {
                try (SurfaceLock lock = surface().lock(LockOption.READ_ONLY)) {
                    return Byte.toString(lock.plane(0).bytes().get(offset));
                }
            }
            try (SurfaceLock lock = surface().lock()) {
                lock.plane(0).bytes().put(offset, Byte.parseByte(words[2]));
                return "written";
            } catch (ReadOnlyBufferException e) {
                return "refused";
            }
        }

        private IOSurface surface() {
            return Objects.requireNonNull(received);
        }

        private SendRight port() {
            return Objects.requireNonNull(lastPort);
        }
    }
}

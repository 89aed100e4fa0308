/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.corefoundation;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.sun.jna.Callback;
import com.sun.jna.CallbackReference;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.messageport.LocalMessagePort;
import io.machframe.core.messageport.RemoteMessagePort;
import io.machframe.core.messageport.Reply;
import io.machframe.core.messageport.SendResult;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.RunResult;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * This library's message ports with CoreFoundation's own at the other side, and a native run loop on a port of this
 * library. Never run yet: whoever has a Mac can tell whether the wire form is right.
 */
@Timeout(60)
@EnabledOnOs(value = OS.MAC, disabledReason = "needs the CoreFoundation of macOS")
final class DarwinMessagePortTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final double SECONDS = 30;
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static Pointer defaultMode;

    private final String name = "native-port-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();

    /** {@code CFMessagePortCallBack}. */
    interface NativeAnswer extends Callback {
        long invoke(long local, int msgid, long data, Pointer info);
    }

    /** {@code CFMachPortCallBack}. */
    interface NativeMessage extends Callback {
        void invoke(long port, Pointer message, long size, Pointer info);
    }

    @BeforeAll
    static void bind() {
        NativeLibrary library = CoreFoundation.bind();
        defaultMode =
                library.getGlobalVariableAddress(CoreFoundation.DEFAULT_MODE).getPointer(0);
    }

    private static long function(Callback callback) {
        return Pointer.nativeValue(CallbackReference.getFunctionPointer(callback));
    }

    private static long string(String text) {
        byte[] bytes = (text + '\0').getBytes(StandardCharsets.UTF_8);
        try (Memory memory = new Memory(bytes.length)) {
            memory.write(0, bytes, 0, bytes.length);
            return CoreFoundation.CFStringCreateWithCString(0, Pointer.nativeValue(memory), CoreFoundation.UTF8);
        }
    }

    private static long data(byte[] bytes) {
        try (Memory memory = new Memory(bytes.length + 1L)) {
            memory.write(0, bytes, 0, bytes.length);
            return CoreFoundation.CFDataCreate(0, Pointer.nativeValue(memory), bytes.length);
        }
    }

    private static byte[] bytes(long data) {
        long length = CoreFoundation.CFDataGetLength(data);
        return new Pointer(CoreFoundation.CFDataGetBytePtr(data)).getByteArray(0, Math.toIntExact(length));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static void addToNativeLoop(long source) {
        CoreFoundation.CFRunLoopAddSource(
                CoreFoundation.CFRunLoopGetCurrent(), source, Pointer.nativeValue(defaultMode));
        CoreFoundation.CFRelease(source);
    }

    /** Returns why it ended, as a number of C. */
    private static int runNativeLoop() {
        return CoreFoundation.CFRunLoopRunInMode(Pointer.nativeValue(defaultMode), SECONDS, (byte) 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 4000, 4001, 10 << 20})
    void aNativePortAnswersOurs(int size) throws Exception {
        NativeAnswer echo = (local, msgid, data, info) -> data(bytes(data));
        long nativeName = string(name);
        long local = CoreFoundation.CFMessagePortCreateLocal(0, nativeName, function(echo), 0, 0);
        assertNotEquals(0, local);
        addToNativeLoop(CoreFoundation.CFMessagePortCreateRunLoopSource(0, local, 0));
        try (RemoteMessagePort remote = RemoteMessagePort.connect(name)) {
            CompletableFuture<Reply> asking = CompletableFuture.supplyAsync(
                    () -> assertDoesNotThrow(() -> remote.request(7, ByteBuffer.wrap(random(size)), LONG, LONG)));
            assertEquals(RunResult.HANDLED_SOURCE.code(), runNativeLoop());
            assertEquals(SendResult.SUCCESS, asking.get().result());
            assertEquals(ByteBuffer.wrap(random(size)), asking.get().data());
        } finally {
            CoreFoundation.CFMessagePortInvalidate(local);
            CoreFoundation.CFRelease(local);
            CoreFoundation.CFRelease(nativeName);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 4000, 4001, 10 << 20})
    void ourPortAnswersANativeOne(int size) throws Exception {
        long nativeName = string(name);
        long sent = data(random(size));
        try (LocalMessagePort local = LocalMessagePort.create(name, (port, id, data) -> Optional.of(data));
                Memory reply = new Memory(Long.BYTES)) {
            local.setExecutor(Runnable::run);
            long remote = CoreFoundation.CFMessagePortCreateRemote(0, nativeName);
            assertNotEquals(0, remote);
            int result = CoreFoundation.CFMessagePortSendRequest(
                    remote, 7, sent, SECONDS, SECONDS, Pointer.nativeValue(defaultMode), Pointer.nativeValue(reply));
            assertEquals(SendResult.SUCCESS.code(), result);
            assertEquals(ByteBuffer.wrap(random(size)), ByteBuffer.wrap(bytes(reply.getLong(0))));
            CoreFoundation.CFRelease(reply.getLong(0));
            CoreFoundation.CFMessagePortInvalidate(remote);
            CoreFoundation.CFRelease(remote);
        } finally {
            CoreFoundation.CFRelease(sent);
            CoreFoundation.CFRelease(nativeName);
        }
    }

    @Test
    void aNativeRunLoopServesOurPort() throws Exception {
        AtomicInteger received = new AtomicInteger();
        NativeMessage callback = (port, message, size, info) -> received.set(message.getInt(MessageLayout.ID));
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight right = port.makeSend()) {
            long nativePort =
                    CoreFoundation.CFMachPortCreateWithPort(0, port.name().value(), function(callback), 0, 0);
            assertNotEquals(0, nativePort);
            addToNativeLoop(CoreFoundation.CFMachPortCreateRunLoopSource(0, nativePort, 0));
            OutgoingMessage.builder().id(4711).build().sendTo(right);
            assertEquals(RunResult.HANDLED_SOURCE.code(), runNativeLoop());
            assertEquals(4711, received.get());
            CoreFoundation.CFMachPortInvalidate(nativePort);
            CoreFoundation.CFRelease(nativePort);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.internal.PortAccess;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.FakeKernel;
import io.machframe.core.testing.abi.AbiTable;
import io.machframe.core.testing.abi.Arch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes that reach the kernel, against those that a C program would lay out by Apple's headers. */
final class MessageBytesTest {
    private final MachCalls calls = new FakeKernel().newTask();
    private byte[] sent = {};

    /** A task that keeps the bytes of what it sends. */
    private final Task task = PortAccess.get().taskOn((MachCalls) Proxy.newProxyInstance(
            MachCalls.class.getClassLoader(), new Class<?>[] {MachCalls.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("message")) {
                    sent = new byte[(Integer) arguments[2]];
                    ((MessageBuffer) arguments[0]).bytes().get(0, sent);
                }
                try {
                    return method.invoke(calls, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }));

    @ParameterizedTest
    @EnumSource
    void everyKindOfDescriptorLiesAsInC(Arch arch) throws Exception {
        try (ReceiveRight port = task.allocatePort();
                SendRight right = port.makeSend()) {
            OutgoingMessage.builder()
                    .id(0x1234)
                    .copy(right)
                    .move(MemoryRegion.allocate(task, 5000))
                    .move(RightArray.copy(Arrays.asList(right, null, right)))
                    .addNull()
                    .rawBody(ByteBuffer.allocate(8)
                            .put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8})
                            .flip())
                    .build()
                    .sendTo(right);

            assertEquals(hex(expected(AbiTable.of(arch), right.name().value())), hex(sent));
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }

    private byte[] expected(AbiTable table, int name) {
        int first = table.size("mach_msg_base_t");
        int memory = first + table.size("mach_msg_port_descriptor_t");
        int array = memory + table.size("mach_msg_ool_descriptor_t");
        int none = array + table.size("mach_msg_ool_ports_descriptor_t");
        int body = none + table.size("mach_msg_port_descriptor_t");
        ByteBuffer bytes = ByteBuffer.allocate(body + 8).order(ByteOrder.LITTLE_ENDIAN);
        int bits = constant(table, "MACH_MSGH_BITS_COMPLEX") | constant(table, "MACH_MSG_TYPE_COPY_SEND");
        bytes.putInt(table.offset("mach_msg_header_t", "msgh_bits"), bits);
        bytes.putInt(table.offset("mach_msg_header_t", "msgh_size"), bytes.capacity());
        bytes.putInt(table.offset("mach_msg_header_t", "msgh_remote_port"), name);
        bytes.putInt(table.offset("mach_msg_header_t", "msgh_id"), 0x1234);
        bytes.putInt(table.offset("mach_msg_base_t", "body"), 4);
        putRight(table, bytes, first, name);
        putOutOfLine(table, bytes, memory, "mach_msg_ool_descriptor_t", "MACH_MSG_OOL_DESCRIPTOR", "size", 5000);
        putOutOfLine(
                table, bytes, array, "mach_msg_ool_ports_descriptor_t", "MACH_MSG_OOL_PORTS_DESCRIPTOR", "count", 3);
        bytes.put(array + table.offset("mach_msg_ool_ports_descriptor_t", "disposition"), (byte)
                constant(table, "MACH_MSG_TYPE_MOVE_SEND"));
        putRight(table, bytes, none, 0);
        bytes.put(body, new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        return bytes.array();
    }

    private static void putRight(AbiTable table, ByteBuffer bytes, int at, int name) {
        bytes.putInt(at + table.offset("mach_msg_port_descriptor_t", "name"), name);
        bytes.put(at + table.offset("mach_msg_port_descriptor_t", "disposition"), (byte)
                constant(table, "MACH_MSG_TYPE_MOVE_SEND"));
        bytes.put(at + table.offset("mach_msg_port_descriptor_t", "type"), (byte)
                constant(table, "MACH_MSG_PORT_DESCRIPTOR"));
    }

    /** Where the memory is, only the kernel knows. */
    private void putOutOfLine(
            AbiTable table, ByteBuffer bytes, int at, String struct, String type, String counted, int count) {
        int address = at + table.offset(struct, "address");
        bytes.put(address, sent, address, Long.BYTES);
        bytes.put(at + table.offset(struct, "deallocate"), (byte) 1);
        bytes.put(at + table.offset(struct, "copy"), (byte) constant(table, "MACH_MSG_VIRTUAL_COPY"));
        bytes.put(at + table.offset(struct, "type"), (byte) constant(table, type));
        bytes.putInt(at + table.offset(struct, counted), count);
    }

    private static int constant(AbiTable table, String name) {
        return table.constant(name).orElseThrow().intValue();
    }
}

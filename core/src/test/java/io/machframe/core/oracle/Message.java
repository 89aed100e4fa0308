/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import static io.machframe.core.oracle.Scenario.list;
import static io.machframe.core.oracle.Scenario.map;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lays the messages of the traces out as the seam has them, and reads them back. */
final class Message {
    static final int CAPACITY = 4096;

    /** Where notifications have their name or count, after an NDR record. */
    private static final int NOTIFICATION_BODY = 32;

    private Message() {}

    /** Writes a message and returns its size. */
    static int write(MessageBuffer buffer, Map<String, Object> message, OracleTask task, boolean forceComplex) {
        Names names = task.names();
        ByteBuffer bytes = buffer.bytes();
        List<Map<String, Object>> rights = new ArrayList<>();
        List<Map<String, Object>> inline = new ArrayList<>();
        for (Object item : list(message.get("body"))) {
            boolean data = map(item).containsKey("int") || map(item).containsKey("inline_bytes");
            (data ? inline : rights).add(map(item));
        }
        boolean complex = forceComplex || !rights.isEmpty();
        int bits = Numbers.disposition((String) message.get("remote_disp"))
                | Numbers.disposition((String) message.get("local_disp")) << 8
                | (complex ? MessageLayout.BITS_COMPLEX : 0);
        bytes.putInt(MessageLayout.BITS, bits);
        bytes.putInt(MessageLayout.REMOTE_PORT, names.name((String) message.get("remote")));
        bytes.putInt(MessageLayout.LOCAL_PORT, names.name((String) message.get("local")));
        bytes.putInt(MessageLayout.VOUCHER_PORT, 0);
        bytes.putInt(MessageLayout.ID, (int) (long) (Long) message.get("id"));
        int at = MessageLayout.HEADER_SIZE;
        if (complex) {
            bytes.putInt(at, rights.size());
            at = MessageLayout.DESCRIPTORS;
            for (Map<String, Object> right : rights) {
                at = writeRight(bytes, at, right, task);
            }
        }
        for (Map<String, Object> data : inline) {
            at = writeData(bytes, at, data);
        }
        bytes.putInt(MessageLayout.SIZE, at);
        return at;
    }

    private static int writeRight(ByteBuffer bytes, int at, Map<String, Object> right, OracleTask task) {
        if (right.containsKey("ool_bytes")) {
            return writeMemory(bytes, at, right, task);
        }
        if (right.containsKey("ool_ports")) {
            return writeArray(bytes, at, right, task);
        }
        bytes.putInt(at, task.names().name((String) right.get("port")));
        bytes.putInt(at + 4, 0).putShort(at + 8, (short) 0);
        bytes.put(at + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) Numbers.disposition((String) right.get("disp")));
        bytes.put(at + MessageLayout.DESCRIPTOR_TYPE, (byte) MessageLayout.TYPE_PORT);
        return at + MessageLayout.PORT_DESCRIPTOR_SIZE;
    }

    private static int writeMemory(ByteBuffer bytes, int at, Map<String, Object> item, OracleTask task) {
        int size = (int) (long) (Long) item.get("ool_bytes");
        long address = task.memoryOf(item, size);
        ByteBuffer memory = task.calls().memory().view(address, size);
        for (int i = 0; i < size; i++) {
            memory.put(i, (byte) i);
        }
        return writeOutOfLine(bytes, at, item, address, size, MessageLayout.TYPE_OOL);
    }

    private static int writeArray(ByteBuffer bytes, int at, Map<String, Object> item, OracleTask task) {
        List<Object> symbols = new ArrayList<>();
        list(item.get("ool_ports")).forEach(symbols::add);
        int size = symbols.size() * Integer.BYTES;
        long address = task.memoryOf(item, size);
        ByteBuffer memory = task.calls().memory().view(address, size);
        for (int i = 0; i < symbols.size(); i++) {
            memory.putInt(i * Integer.BYTES, task.names().name((String) symbols.get(i)));
        }
        bytes.put(at + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) Numbers.disposition((String) item.get("disp")));
        return writeOutOfLine(bytes, at, item, address, symbols.size(), MessageLayout.TYPE_OOL_PORTS);
    }

    private static int writeOutOfLine(
            ByteBuffer bytes, int at, Map<String, Object> item, long address, int count, int type) {
        bytes.putLong(at, address);
        bytes.put(at + MessageLayout.OOL_DEALLOCATE, (byte) ((Boolean) item.get("deallocate") ? 1 : 0));
        bytes.put(at + MessageLayout.OOL_COPY, (byte) Mach.MACH_MSG_VIRTUAL_COPY);
        bytes.put(at + MessageLayout.DESCRIPTOR_TYPE, (byte) type);
        bytes.putInt(at + MessageLayout.OOL_SIZE, count);
        return at + MessageLayout.OOL_DESCRIPTOR_SIZE;
    }

    private static int writeData(ByteBuffer bytes, int at, Map<String, Object> data) {
        if (data.containsKey("int")) {
            bytes.putInt(at, (int) (long) (Long) data.get("int"));
            return at + Integer.BYTES;
        }
        int size = (int) (long) (Long) data.get("inline_bytes");
        for (int i = 0; i < size; i++) {
            bytes.put(at + i, (byte) i);
        }
        return at + MessageLayout.round(size);
    }

    /** Returns what the trace says of a message, under the names of {@link Answer}, as far as it can be compared. */
    static Map<String, String> expected(Map<String, Object> message, String prefix) {
        Map<String, String> members = new TreeMap<>();
        for (String key : List.of("remote", "remote_disp", "local", "local_disp", "complex", "id", "seqno")) {
            if (message.containsKey(key)) {
                members.put(prefix + key, message.get(key).toString());
            }
        }
        int rights = 0;
        int data = 0;
        for (Object element : list(message.getOrDefault("body", List.of()))) {
            Map<String, Object> item = map(element);
            if (item.containsKey("port")) {
                members.put(prefix + "body." + rights++, item.get("port") + " " + item.get("disp"));
            } else if (item.containsKey("ool_bytes")) {
                String missing = (Boolean) item.getOrDefault("address_null", false) ? " nowhere" : "";
                members.put(prefix + "body." + rights++, item.get("ool_bytes") + " bytes" + missing);
            } else if (item.containsKey("ool_ports")) {
                members.put(prefix + "body." + rights++, item.get("ool_ports") + " " + item.get("disp"));
            } else if (item.containsKey("port_name")) {
                members.put(prefix + "about", item.get("port_name").toString());
            } else if (item.containsKey("int")) {
                boolean count = message.containsKey("notification");
                members.put(
                        count ? prefix + "count" : prefix + "data." + data++,
                        item.get("int").toString());
            } else if (item.containsKey("inline_bytes")) {
                members.put(prefix + "data." + data++, item.get("inline_bytes") + " bytes");
            }
        }
        if (message.containsKey("notification")) {
            members.put(prefix + "from", "kernel");
        }
        return members;
    }

    /** Reads a message in terms of what was expected. */
    static Map<String, String> read(
            MessageBuffer buffer, Map<String, Object> expected, OracleTask task, boolean received) {
        Names names = task.names();
        ByteBuffer bytes = buffer.bytes();
        Map<String, String> members = new TreeMap<>();
        int bits = bytes.getInt(MessageLayout.BITS);
        int size = bytes.getInt(MessageLayout.SIZE);
        members.put("remote", names.symbol(bytes.getInt(MessageLayout.REMOTE_PORT), word(expected, "remote")));
        members.put("remote_disp", Numbers.disposition(MessageLayout.remote(bits)));
        members.put("local", names.symbol(bytes.getInt(MessageLayout.LOCAL_PORT), word(expected, "local")));
        members.put("local_disp", Numbers.disposition(MessageLayout.local(bits)));
        members.put("complex", Boolean.toString((bits & MessageLayout.BITS_COMPLEX) != 0));
        int id = bytes.getInt(MessageLayout.ID);
        members.put("id", Integer.toString(id));
        int at = MessageLayout.HEADER_SIZE;
        if ((bits & MessageLayout.BITS_COMPLEX) != 0) {
            List<Map<String, Object>> items = descriptors(expected);
            int count = bytes.getInt(at);
            at = MessageLayout.DESCRIPTORS;
            for (int i = 0; i < count; i++) {
                Map<String, Object> item = i < items.size() ? items.get(i) : Map.of();
                members.put("body." + i, readDescriptor(bytes, at, item, task));
                at += MessageLayout.descriptorSize(bytes.get(at + MessageLayout.DESCRIPTOR_TYPE));
            }
        }
        readData(bytes, at, size, expected, names, members);
        if (received) {
            int trailer = MessageLayout.round(size);
            members.put("seqno", Integer.toString(bytes.getInt(trailer + MessageLayout.TRAILER_SEQNO)));
            members.put("from", isFromKernel(bytes, trailer) ? "kernel" : "task");
        }
        return members;
    }

    private static String readDescriptor(ByteBuffer bytes, int at, Map<String, Object> expected, OracleTask task) {
        String disposition = Numbers.disposition(bytes.get(at + MessageLayout.DESCRIPTOR_DISPOSITION));
        int count = bytes.getInt(at + MessageLayout.OOL_SIZE);
        return switch (bytes.get(at + MessageLayout.DESCRIPTOR_TYPE)) {
            case MessageLayout.TYPE_PORT ->
                task.names().symbol(bytes.getInt(at), word(expected, "port")) + " " + disposition;
            case MessageLayout.TYPE_OOL_PORTS ->
                readArray(bytes.getLong(at), count, expected, task) + " " + disposition;
            default -> {
                task.received(bytes.getLong(at));
                yield count + " bytes" + (bytes.getLong(at) == 0 ? " nowhere" : "");
            }
        };
    }

    private static List<String> readArray(long address, int count, Map<String, Object> expected, OracleTask task) {
        List<Object> hints = new ArrayList<>();
        list(expected.getOrDefault("ool_ports", List.of())).forEach(hints::add);
        ByteBuffer names = task.calls().memory().view(address, count * Integer.BYTES);
        List<String> symbols = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String hint = i < hints.size() ? (String) hints.get(i) : "?";
            symbols.add(task.names().symbol(names.getInt(i * Integer.BYTES), hint));
        }
        task.calls().memory().deallocate(address, (long) count * Integer.BYTES);
        return symbols;
    }

    private static void readData(
            ByteBuffer bytes,
            int start,
            int size,
            Map<String, Object> expected,
            Names names,
            Map<String, String> members) {
        if (expected.containsKey("notification")) {
            if (size >= NOTIFICATION_BODY + Integer.BYTES) {
                int value = bytes.getInt(NOTIFICATION_BODY);
                members.put("about", names.symbol(value, "?"));
                members.put("count", Integer.toString(value));
            }
            return;
        }
        int at = start;
        int data = 0;
        for (Object element : list(expected.getOrDefault("body", List.of()))) {
            Map<String, Object> item = map(element);
            if (item.containsKey("int") && at < size) {
                members.put("data." + data++, Integer.toString(bytes.getInt(at)));
                at += Integer.BYTES;
            } else if (item.containsKey("inline_bytes")) {
                int count = (int) (long) (Long) item.get("inline_bytes");
                boolean same = true;
                for (int i = 0; i < count; i++) {
                    same &= bytes.get(at + i) == (byte) i;
                }
                members.put("data." + data++, (same ? "" : "other ") + count + " bytes");
                at += MessageLayout.round(count);
            }
        }
    }

    private static boolean isFromKernel(ByteBuffer bytes, int trailer) {
        boolean zero = bytes.getInt(trailer + MessageLayout.TRAILER_UID) == 0
                && bytes.getInt(trailer + MessageLayout.TRAILER_GID) == 1;
        for (int i = 0; i < 8; i++) {
            zero &= bytes.getInt(trailer + MessageLayout.TRAILER_AUDIT + i * Integer.BYTES) == 0;
        }
        return zero;
    }

    private static List<Map<String, Object>> descriptors(Map<String, Object> expected) {
        List<Map<String, Object>> items = new ArrayList<>();
        for (Object item : list(expected.getOrDefault("body", List.of()))) {
            if (map(item).containsKey("port")
                    || map(item).containsKey("ool_bytes")
                    || map(item).containsKey("ool_ports")) {
                items.add(map(item));
            }
        }
        return items;
    }

    private static String word(Map<String, Object> members, String key) {
        return members.getOrDefault(key, "?").toString();
    }

    /** Returns the receive options for everything that is compared. */
    static int trailer() {
        return Mach.MACH_RCV_TRAILER_AUDIT_BITS;
    }
}

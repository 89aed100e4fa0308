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
    static int write(MessageBuffer buffer, Map<String, Object> message, Names names, boolean forceComplex) {
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
                at = writeRight(bytes, at, right, names);
            }
        }
        for (Map<String, Object> data : inline) {
            at = writeData(bytes, at, data);
        }
        bytes.putInt(MessageLayout.SIZE, at);
        return at;
    }

    private static int writeRight(ByteBuffer bytes, int at, Map<String, Object> right, Names names) {
        if (!right.containsKey("port")) {
            throw new UnsupportedOperationException("out-of-line memory");
        }
        bytes.putInt(at, names.name((String) right.get("port")));
        bytes.putInt(at + 4, 0).putShort(at + 8, (short) 0);
        bytes.put(at + MessageLayout.DESCRIPTOR_DISPOSITION, (byte) Numbers.disposition((String) right.get("disp")));
        bytes.put(at + MessageLayout.DESCRIPTOR_TYPE, (byte) MessageLayout.TYPE_PORT);
        return at + MessageLayout.PORT_DESCRIPTOR_SIZE;
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
    static Map<String, String> read(MessageBuffer buffer, Map<String, Object> expected, Names names, boolean received) {
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
        List<String> ports = ports(expected);
        if ((bits & MessageLayout.BITS_COMPLEX) != 0) {
            int count = bytes.getInt(at);
            at = MessageLayout.DESCRIPTORS;
            for (int i = 0; i < count; i++, at += MessageLayout.PORT_DESCRIPTOR_SIZE) {
                String port = names.symbol(bytes.getInt(at), i < ports.size() ? ports.get(i) : "?");
                members.put(
                        "body." + i,
                        port + " " + Numbers.disposition(bytes.get(at + MessageLayout.DESCRIPTOR_DISPOSITION)));
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

    private static List<String> ports(Map<String, Object> expected) {
        List<String> ports = new ArrayList<>();
        for (Object item : list(expected.getOrDefault("body", List.of()))) {
            if (map(item).containsKey("port")) {
                ports.add((String) map(item).get("port"));
            }
        }
        return ports;
    }

    private static String word(Map<String, Object> members, String key) {
        return members.getOrDefault(key, "?").toString();
    }

    /** Returns the receive options for everything that is compared. */
    static int trailer() {
        return Mach.MACH_RCV_TRAILER_AUDIT_BITS;
    }
}

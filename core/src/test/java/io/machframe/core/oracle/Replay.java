/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import static io.machframe.core.oracle.Scenario.list;
import static io.machframe.core.oracle.Scenario.map;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.MachKernel;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Performs one scenario's steps and compares each answer with the one that is expected. */
final class Replay {
    private static final int STATUS_SEQNO = 1;
    private static final int STATUS_MAKE_SEND = 2;
    private static final int STATUS_LIMIT = 3;
    private static final int STATUS_MESSAGES = 4;
    private static final int STATUS_SEND_ONCE = 5;
    private static final int STATUS_SENDERS = 6;
    private static final int STATUS_PORT_DESTROYED = 7;
    private static final int STATUS_NO_SENDERS = 8;

    private final Scenario scenario;
    private final UnaryOperator<@Nullable OracleTask> newTask;
    private final Map<String, OracleTask> tasks = new LinkedHashMap<>();
    private final Map<String, BlockedCall> threads = new LinkedHashMap<>();

    /** Which thread plays the part of which, where the traces' order of service means nothing. */
    private final Map<String, String> parts = new HashMap<>();

    private final Map<String, MessageBuffer> buffers = new HashMap<>();
    private final TreeSet<String> follow = new TreeSet<>();
    private final Map<Integer, String> consequences;

    /** @param newTask makes a task, given the first one, or null for that one itself */
    Replay(Scenario scenario, Map<Integer, String> consequences, UnaryOperator<@Nullable OracleTask> newTask) {
        this.scenario = scenario;
        this.consequences = consequences;
        this.newTask = newTask;
        tasks.put("", newTask.apply(null));
    }

    /** Returns the first step that differs, in words, or null. */
    @Nullable
    String run() throws InterruptedException {
        boolean diverged = false;
        try {
            for (int i = 0; i < scenario.steps().size(); i++) {
                Map<String, Object> step = scenario.steps().get(i);
                String remark = scenario.xnu().get(i);
                diverged |= remark != null;
                String difference;
                try {
                    difference = perform(step, i);
                } catch (OracleTask.RefusedException refused) {
                    difference = "a right could not be handed over: " + refused.getMessage();
                } catch (UnsupportedOperationException | IllegalArgumentException e) {
                    difference = e.getMessage();
                }
                boolean follows = diverged && remark == null && !consequences.containsKey(i);
                if (difference != null && !follows) {
                    return "step " + i + " " + step.get("op") + ": " + difference;
                }
                if (difference != null) {
                    follow.add("step " + i + " " + step.get("op") + ": " + difference);
                }
            }
            return null;
        } finally {
            tasks.values().forEach(OracleTask::terminate);
        }
    }

    /** Returns the steps after one that XNU answers otherwise which differ as well, and of which nobody said how. */
    Set<String> consequencesMet() {
        return follow;
    }

    private @Nullable String perform(Map<String, Object> step, int index) throws InterruptedException {
        OracleTask task = tasks.get(step.getOrDefault("task", ""));
        if (task == null) {
            throw new IllegalArgumentException("there is no task " + step.get("task"));
        }
        Map<String, Object> arguments = map(step.getOrDefault("args", Map.of()));
        String op = (String) step.get("op");
        Answer expected = expected(step, index);
        switch (op) {
            case "task_create" -> {
                tasks.put((String) map(step.get("out")).get("task"), newTask.apply(own()));
                return null;
            }
            case "task_terminate" -> {
                tasks.remove((String) arguments.get("target")).terminate();
                return null;
            }
            case "thread_start" -> {
                startThread(task, arguments);
                return null;
            }
            case "thread_check" -> {
                return checkThread(task, step, expected);
            }
            case "mach_msg" -> {
                MessageBuffer buffer = task.calls().newBuffer(Message.CAPACITY);
                int code = message(task, buffer, arguments, index);
                Answer answer = messageAnswer(task, buffer, code, step);
                return answer.difference(scenario.ordered() ? expected : expected.with(null, ids(step, answer)));
            }
            case "final_state" -> {
                return finalState(task, map(step.get("names")));
            }
            case "check_mapped" -> {
                boolean mapped = task.isLastMapped();
                return mapped == (Boolean) step.get("mapped") ? null : "it is " + (mapped ? "" : "not ") + "there";
            }
            case "check_memory" -> {
                return checkMemory(task.received((int) (long) (Long) step.get("bytes")), step);
            }
            default -> {
                return call(task, op, arguments, step).difference(expected);
            }
        }
    }

    private static @Nullable String checkMemory(ByteBuffer memory, Map<String, Object> step) {
        boolean same = true;
        for (int i = 0; i < memory.capacity(); i++) {
            same &= memory.get(i) == (byte) i;
        }
        return same == (Boolean) step.get("as_sent") ? null : "its bytes are " + (same ? "" : "not ") + "those sent";
    }

    private Answer expected(Map<String, Object> step, int index) {
        Map<String, String> members = new TreeMap<>();
        map(step.getOrDefault("out", Map.of())).forEach((key, value) -> members.put("out." + key, text(value)));
        if ("mach_port_get_receive_status".equals(step.get("op"))) {
            // The field that names the set in the traces only says in XNU whether there is one.
            members.computeIfPresent("out.pset", (key, set) -> set.equals("NULL") ? "0" : "1");
        }
        if (step.containsKey("msg")) {
            members.putAll(Message.expected(map(step.get("msg")), "msg."));
        }
        if (step.containsKey("buffer_after")) {
            members.putAll(Message.expected(map(step.get("buffer_after")), "msg."));
        }
        if (step.containsKey("buffer_unchanged")) {
            members.put("buffer_unchanged", text(step.get("buffer_unchanged")));
        }
        Answer recorded = new Answer((String) step.get("kr"), members);
        String remark = scenario.xnu().getOrDefault(index, consequences.get(index));
        return remark == null ? recorded : XnuAnswer.of(remark, recorded);
    }

    private static String text(Object value) {
        return value instanceof Iterable<?> elements ? new TreeSet<>(list(elements)).toString() : value.toString();
    }

    private Answer call(OracleTask task, String op, Map<String, Object> arguments, Map<String, Object> step) {
        Map<String, String> out = new TreeMap<>();
        int code;
        try {
            code = call(task, op, arguments, map(step.getOrDefault("out", Map.of())), out);
        } catch (OracleTask.RefusedException refused) {
            code = refused.code();
        }
        return new Answer(Numbers.code(code, false), code == 0 ? out : Map.of());
    }

    private int call(
            OracleTask task,
            String op,
            Map<String, Object> arguments,
            Map<String, Object> expected,
            Map<String, String> out) {
        MachCalls calls = task.calls();
        Names names = task.names();
        int[] result = new int[2];
        int code =
                switch (op) {
                    case "mach_port_allocate" -> calls.allocate(right(arguments), result);
                    case "mach_port_allocate_name" -> {
                        names.chosen((String) arguments.get("name")); // of which ipc_object_alloc_dead knows nothing
                        yield calls.allocate(Mach.MACH_PORT_RIGHT_DEAD_NAME, result);
                    }
                    case "mach_port_type" -> calls.type(name(names, arguments, "name"), result);
                    case "mach_port_get_refs" ->
                        calls.getRefs(name(names, arguments, "name"), right(arguments), result);
                    case "mach_port_mod_refs" ->
                        calls.modRefs(name(names, arguments, "name"), right(arguments), number(arguments, "delta"));
                    case "mach_port_deallocate" -> calls.deallocate(name(names, arguments, "name"));
                    case "mach_port_destroy" -> ((MachKernel) calls).destroy(name(names, arguments, "name"));
                    case "mach_port_rename" -> {
                        names.chosen((String) arguments.get("new"));
                        yield KernReturn.MIG_BAD_ID; // XNU has no such call, nor has this kernel
                    }
                    case "mach_port_insert_right" -> insertRight(task, arguments);
                    case "mach_port_extract_right" -> extractRight(task, arguments, result);
                    case "mach_port_get_receive_status" -> receiveStatus(task, name(names, arguments, "name"), out);
                    case "mach_port_set_qlimit" ->
                        calls.setAttributes(name(names, arguments, "name"), Mach.MACH_PORT_LIMITS_INFO, new int[] {
                            number(arguments, "qlimit")
                        });
                    case "mach_port_set_mscount" ->
                        calls.setMakeSendCount(name(names, arguments, "name"), number(arguments, "mscount"));
                    case "mach_port_set_seqno" ->
                        calls.setSequenceNumber(name(names, arguments, "name"), number(arguments, "seqno"));
                    case "mach_port_move_member" ->
                        calls.moveMember(name(names, arguments, "member"), name(names, arguments, "after"));
                    case "mach_port_get_set_status" -> setStatus(task, name(names, arguments, "name"), out);
                    case "mach_port_request_notification" -> requestNotification(task, arguments, result);
                    default -> throw new UnsupportedOperationException("no operation is called " + op);
                };
        if (code == 0) {
            describe(op, task, expected, result, out);
        }
        return code;
    }

    private void describe(
            String op, OracleTask task, Map<String, Object> expected, int[] result, Map<String, String> out) {
        switch (op) {
            case "mach_port_allocate" -> {
                String symbol = (String) expected.get("name");
                if (symbol != null) {
                    task.names().bind(symbol, result[0]);
                    out.put("out.name", symbol);
                }
            }
            case "mach_port_type" -> out.put("out.type", Numbers.type(result[0]));
            case "mach_port_get_refs" -> out.put("out.refs", Integer.toString(result[0]));
            case "mach_port_extract_right" -> {
                // What is taken out of another task lands in the first one.
                Names names = own().names();
                out.put("out.poly", names.symbol(result[0], text(expected.getOrDefault("poly", "?"))));
                out.put("out.poly_type", Numbers.disposition(result[1]));
            }
            case "mach_port_request_notification" ->
                out.put("out.previous", task.names().symbol(result[0], text(expected.getOrDefault("previous", "?"))));
            default -> {}
        }
    }

    private OracleTask own() {
        return tasks.getOrDefault("", tasks.values().iterator().next());
    }

    private int insertRight(OracleTask task, Map<String, Object> arguments) {
        int disposition = Numbers.disposition((String) arguments.get("disposition"));
        int right = own().names().name((String) arguments.get("poly"));
        int name = task.names().chosen((String) arguments.get("name"));
        if (task != own()) {
            right = own().pass(right, disposition, task);
            disposition = arrived(disposition);
            if (right == Mach.MACH_PORT_NULL || right == Mach.MACH_PORT_DEAD) {
                return KernReturn.KERN_INVALID_CAPABILITY; // a message brings it there; only a trap looks for a name
            }
        }
        return task.calls().insertRight(name, right, disposition);
    }

    private int extractRight(OracleTask task, Map<String, Object> arguments, int[] result) {
        int disposition = Numbers.disposition((String) arguments.get("disposition"));
        int name = task.names().name((String) arguments.get("name"));
        if (task == own()) {
            return task.calls().extractRight(name, disposition, result);
        }
        result[0] = task.pass(name, disposition, own());
        result[1] = arrived(disposition);
        return 0;
    }

    private int requestNotification(OracleTask task, Map<String, Object> arguments, int[] previous) {
        int disposition = Numbers.disposition((String) arguments.get("notify_disposition"));
        int notify = own().names().name((String) arguments.get("notify"));
        if (task != own()) {
            notify = own().pass(notify, disposition, task);
            disposition = arrived(disposition);
        }
        String id = (String) arguments.get("msgid");
        return task.calls()
                .requestNotification(
                        name(task.names(), arguments, "name"),
                        Numbers.of(id),
                        number(arguments, "sync"),
                        notify,
                        disposition,
                        previous);
    }

    private static int arrived(int disposition) {
        return switch (disposition) {
            case Mach.MACH_MSG_TYPE_MAKE_SEND, Mach.MACH_MSG_TYPE_COPY_SEND -> Mach.MACH_MSG_TYPE_MOVE_SEND;
            case Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE -> Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
            default -> disposition;
        };
    }

    private static int receiveStatus(OracleTask task, int name, Map<String, String> out) {
        int[] info = new int[Mach.MACH_PORT_RECEIVE_STATUS_COUNT];
        int code = task.calls().getAttributes(name, Mach.MACH_PORT_RECEIVE_STATUS, info);
        out.put("out.pset", Integer.toString(info[0]));
        out.put("out.seqno", Integer.toString(info[STATUS_SEQNO]));
        out.put("out.mscount", Integer.toString(info[STATUS_MAKE_SEND]));
        out.put("out.qlimit", Integer.toString(info[STATUS_LIMIT]));
        out.put("out.msgcount", Integer.toString(info[STATUS_MESSAGES]));
        out.put("out.sorights", Integer.toString(info[STATUS_SEND_ONCE]));
        out.put("out.srights", Integer.toString(info[STATUS_SENDERS]));
        out.put("out.pdrequest", Integer.toString(info[STATUS_PORT_DESTROYED]));
        out.put("out.nsrequest", Integer.toString(info[STATUS_NO_SENDERS]));
        return code;
    }

    private static int setStatus(OracleTask task, int name, Map<String, String> out) {
        int[][] members = new int[1][];
        int code = task.calls().getSetStatus(name, members);
        if (code == 0) {
            TreeSet<String> symbols = new TreeSet<>();
            Arrays.stream(members[0])
                    .mapToObj(member -> task.names().symbol(member, "?"))
                    .forEach(symbols::add);
            out.put("out.members", symbols.toString());
        }
        return code;
    }

    private int message(OracleTask task, MessageBuffer buffer, Map<String, Object> arguments, int index) {
        int options = Numbers.of((String) arguments.get("option"));
        int size = 0;
        if ((options & Mach.MACH_SEND_MSG) != 0) {
            size = Message.write(buffer, map(arguments.get("msg")), task, isToldComplex(index));
        }
        int receiveSize = arguments.containsKey("rcv_size") ? number(arguments, "rcv_size") : buffer.capacity();
        int receiveName = arguments.containsKey("rcv_name") ? name(task.names(), arguments, "rcv_name") : 0;
        boolean receives = (options & Mach.MACH_RCV_MSG) != 0;
        int timeout = arguments.containsKey("timeout") ? number(arguments, "timeout") : 0;
        return task.calls()
                .message(
                        buffer,
                        options | (receives ? Message.trailer() : 0),
                        size,
                        receives ? receiveSize : 0,
                        receiveName,
                        timeout);
    }

    /** The traces do not tell when a message without rights says that it has some; the remark at its receipt does. */
    private boolean isToldComplex(int index) {
        return "COMPLEX bit set".equals(scenario.xnu().get(index + 1));
    }

    private Answer messageAnswer(OracleTask task, MessageBuffer buffer, int code, Map<String, Object> step) {
        Map<String, String> members = new TreeMap<>();
        boolean received = step.containsKey("msg");
        boolean receives = map(step.get("args")).containsKey("rcv_name") || received;
        if (receives && code == 0) {
            Message.read(buffer, map(step.getOrDefault("msg", Map.of())), task, true)
                    .forEach((key, value) -> members.put("msg." + key, value));
        }
        if (step.containsKey("buffer_after")) {
            Message.read(buffer, map(step.get("buffer_after")), task, false)
                    .forEach((key, value) -> members.put("msg." + key, value));
        }
        if (step.containsKey("buffer_unchanged")) {
            members.put("buffer_unchanged", Boolean.toString(isUnchanged(task, buffer, step)));
        }
        if (received && code != 0) {
            describeRefused(task, buffer, step, members);
        }
        return new Answer(Numbers.code(code, true), members);
    }

    /** A message that was too large and is gone: what the header says of it. */
    private static void describeRefused(
            OracleTask task, MessageBuffer buffer, Map<String, Object> step, Map<String, String> members) {
        Message.expected(map(step.get("msg")), "msg.").forEach(members::put);
        members.put("msg.local", task.names().symbol(buffer.bytes().getInt(MessageLayout.LOCAL_PORT), "?"));
    }

    private static boolean isUnchanged(OracleTask task, MessageBuffer buffer, Map<String, Object> step) {
        MessageBuffer before = task.calls().newBuffer(Message.CAPACITY);
        Message.write(before, map(map(step.get("args")).get("msg")), task, false);
        return before.bytes().equals(buffer.bytes());
    }

    private void startThread(OracleTask task, Map<String, Object> arguments) {
        Map<String, Object> call = map(arguments.get("call"));
        String thread = (String) arguments.get("thread");
        MessageBuffer buffer = task.calls().newBuffer(Message.CAPACITY);
        buffers.put(thread, buffer);
        threads.put(thread, new BlockedCall(call, () -> message(task, buffer, call, -2)));
        try {
            threads.get(thread).isDone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable String checkThread(OracleTask task, Map<String, Object> step, Answer expected)
            throws InterruptedException {
        String part = (String) map(step.get("args")).get("thread");
        boolean done = (Boolean) step.get("done");
        String thread = player(part, done);
        if (thread == null) {
            return done ? "no thread returned" : null;
        }
        BlockedCall call = threads.get(thread);
        boolean isDone = done ? call.finishes() : call.isDone();
        if (isDone != done) {
            return done ? "the call still waits" : "the call returned " + Numbers.code(call.code(), true);
        }
        if (!done) {
            return null;
        }
        Answer answer = messageAnswer(task, buffers.get(thread), call.code(), step);
        return answer.difference(scenario.ordered() ? expected : expected.with(null, ids(step, answer)));
    }

    /** Without an order of service, a message's number says nothing; that each comes once is seen by the port's state. */
    private static Map<String, String> ids(Map<String, Object> step, Answer answer) {
        Map<String, String> ids = new TreeMap<>();
        for (String key : new String[] {"msg.id", "msg.seqno"}) {
            String value = answer.members().get(key);
            if (step.containsKey("msg") && value != null) {
                ids.put(key, value);
            }
        }
        return ids;
    }

    private @Nullable String player(String part, boolean done) throws InterruptedException {
        if (scenario.ordered() || parts.containsKey(part)) {
            return parts.getOrDefault(part, part);
        }
        for (int tries = 0; tries < (done ? 20 : 1); tries++) {
            for (Map.Entry<String, BlockedCall> thread : threads.entrySet()) {
                if (!parts.containsValue(thread.getKey()) && thread.getValue().isDone() == done) {
                    if (done) {
                        parts.put(part, thread.getKey());
                    }
                    return thread.getKey();
                }
            }
        }
        return null;
    }

    private static @Nullable String finalState(OracleTask task, Map<String, Object> states) {
        for (String symbol : task.names().all()) {
            String difference = finalState(task, symbol, map(states.getOrDefault(symbol, Map.of())));
            if (difference != null) {
                return symbol + ": " + difference;
            }
        }
        return null;
    }

    private static @Nullable String finalState(OracleTask task, String symbol, Map<String, Object> state) {
        int name = task.names().name(symbol);
        if (name == Mach.MACH_PORT_NULL || name == Mach.MACH_PORT_DEAD) {
            return null;
        }
        Map<String, String> actual = new TreeMap<>();
        int[] out = new int[1];
        boolean exists = task.calls().type(name, out) == 0;
        actual.put("type", exists ? Numbers.type(out[0]).replace("|DNREQUEST", "") : "nothing");
        if (exists && task.calls().getRefs(name, Mach.MACH_PORT_RIGHT_SEND, out) == 0) {
            actual.put("send_urefs", Integer.toString(out[0]));
        }
        if (exists && task.calls().getRefs(name, Mach.MACH_PORT_RIGHT_DEAD_NAME, out) == 0) {
            actual.put("dead_urefs", Integer.toString(out[0]));
        }
        if (state.containsKey("mscount")) {
            Map<String, String> status = new TreeMap<>();
            receiveStatus(task, name, status);
            status.forEach((key, value) -> actual.put(key.substring("out.".length()), value));
        }
        Map<String, String> expected = new TreeMap<>();
        expected.put("type", "nothing");
        state.forEach((key, value) -> expected.put(key, text(value)));
        expected.computeIfPresent("type", (key, type) -> type.replace("|DNREQUEST", ""));
        return new Answer(null, actual).difference(new Answer(null, expected));
    }

    private static int right(Map<String, Object> arguments) {
        return Numbers.right((String) arguments.get("right"));
    }

    private static int name(Names names, Map<String, Object> arguments, String key) {
        return names.name((String) arguments.get(key));
    }

    private static int number(Map<String, Object> arguments, String key) {
        return (int) (long) (Long) arguments.get(key);
    }
}

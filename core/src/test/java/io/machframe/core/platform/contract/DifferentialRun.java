/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.platform.MessageLayout;
import io.machframe.core.platform.kernel.MachKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One sequence of calls on both kernels. A step is a number from which the call and all its arguments follow, so a
 * sequence with some steps left out is one as well.
 *
 * <p>Each task has a mailbox, an ordinary port that no step gives up. Receive and send-once rights travel to mailboxes
 * only, and notifications go to the task's own: what becomes of such rights in a port that dies, and of ports in each
 * other's queues, Linux learns later than a kernel does.
 */
final class DifferentialRun {
    private static final int MEMORY = 0;
    private static final int SOCKETS = 1;
    private static final int MAILBOX_LIMIT = 200;
    private static final int POOL = 24;
    private static final int[] RIGHTS = {0, 1, 2, 3, 4, 5, 6, -1};
    private static final int[] NOTIFICATIONS = {
        Mach.MACH_NOTIFY_NO_SENDERS,
        Mach.MACH_NOTIFY_DEAD_NAME,
        Mach.MACH_NOTIFY_SEND_POSSIBLE,
        Mach.MACH_NOTIFY_PORT_DESTROYED,
        Mach.MACH_NOTIFY_SEND_ONCE
    };

    /** A name in both kernels. */
    private record Pair(int memory, int sockets) {
        int in(int side) {
            return side == MEMORY ? memory : sockets;
        }

        @Override
        public String toString() {
            return Integer.toHexString(memory) + (memory == sockets ? "" : "/" + Integer.toHexString(sockets));
        }
    }

    /** What a call answered: words that must be the same, and names that must stand for the same. */
    private static final class Answer {
        final StringBuilder words = new StringBuilder();
        final List<Integer> names = new ArrayList<>();

        Answer code(int code) {
            words.append(' ').append(new KernReturn(code));
            return this;
        }

        Answer word(Object word) {
            words.append(' ').append(word);
            return this;
        }

        Answer name(int name) {
            words.append(name == 0 ? " null" : name == -1 ? " dead" : " name");
            if (name != 0 && name != -1) {
                names.add(name);
            }
            return this;
        }
    }

    private interface Call {
        Answer on(int side);
    }

    /** One task of each kernel. */
    private static final class Twin {
        final MachCalls[] calls;
        final List<Pair> pool = new ArrayList<>();
        final Map<Integer, Integer> known = new HashMap<>();
        Pair mailbox = new Pair(0, 0);

        /** The right to the other task's mailbox. */
        Pair other = new Pair(0, 0);

        Twin(MachCalls memory, MachCalls sockets) {
            calls = new MachCalls[] {memory, sockets};
        }
    }

    private final FakeTasks memory = new FakeTasks();
    private final LinuxTasks sockets = new LinuxTasks();
    private final Twin[] twins = {twin(), twin()};
    private final List<String> words = new ArrayList<>();
    private final boolean thorough;
    private String last = "";

    /** @param thorough whether to compare all there is after each step, not now and then */
    DifferentialRun(boolean thorough) {
        this.thorough = thorough;
        memory.kernel.letOnceTakeNoPlace();
        for (Twin twin : twins) {
            twin.mailbox = both(side -> MachCallsContract.receiveRight(twin.calls[side], MAILBOX_LIMIT));
        }
        for (int i = 0; i < 2; i++) {
            Twin owner = twins[i];
            Twin taker = twins[1 - i];
            taker.other = both(side -> (side == MEMORY ? memory : sockets)
                    .giveSend(owner.calls[side], owner.mailbox.in(side), taker.calls[side]));
            both(side -> owner.calls[side].insertRight(
                    owner.mailbox.in(side), owner.mailbox.in(side), Mach.MACH_MSG_TYPE_MAKE_SEND));
        }
    }

    private Twin twin() {
        return new Twin(memory.newTask(), sockets.newTask());
    }

    private static Pair both(IntUnaryOperator call) {
        return new Pair(call.applyAsInt(MEMORY), call.applyAsInt(SOCKETS));
    }

    /** Performs the steps and ends all tasks. Returns the first difference, or null. */
    @Nullable
    String of(List<Long> steps) {
        String difference = null;
        for (int i = 0; i < steps.size() && difference == null; i++) {
            difference = step(new Random(steps.get(i)));
            if (difference == null && (thorough || i % 50 == 49)) {
                difference = state();
            }
        }
        for (int side = 0; side < 2; side++) {
            for (Twin twin : twins) {
                ((MachKernel) twin.calls[side]).terminate();
            }
        }
        if (difference == null && !memory.kernel.open().isEmpty()) {
            difference = "left open: " + memory.kernel.open();
        }
        return difference;
    }

    /** Returns all calls in words, each on a line. */
    String calls() {
        return "\n  " + String.join("\n  ", words) + "\n  ";
    }

    private @Nullable String step(Random random) {
        int number = random.nextInt(2);
        Twin twin = twins[number];
        Call call = call(twin, random);
        words.add("task " + number + " " + last);
        String difference = compare(twin, call);
        // Both notice what the call brought about, in this order.
        for (Twin each : twins) {
            both(side -> each.calls[side].type(0, new int[1]));
        }
        return difference;
    }

    private @Nullable String compare(Twin twin, Call call) {
        Answer a = call.on(MEMORY);
        Answer b = call.on(SOCKETS);
        if (!a.words.toString().equals(b.words.toString()) || a.names.size() != b.names.size()) {
            return "in memory" + a.words + ", over sockets" + b.words;
        }
        for (int i = 0; i < a.names.size(); i++) {
            if (!stands(twin, a.names.get(i), b.names.get(i))) {
                return a.words + ": name " + i + " stands for another right";
            }
        }
        return null;
    }

    /** Returns whether two names stand for the same, as far as is known; if nothing is known they do from now on. */
    private static boolean stands(Twin twin, int memory, int sockets) {
        Integer partner = twin.known.get(memory);
        if (partner != null && partner != sockets && twin.calls[SOCKETS].type(partner, new int[1]) == 0) {
            return false;
        }
        Pair pair = new Pair(memory, sockets);
        twin.known.put(memory, sockets);
        if (!pair.equals(twin.mailbox) && !pair.equals(twin.other) && !twin.pool.contains(pair)) {
            twin.pool.add(pair);
            if (twin.pool.size() > POOL) {
                twin.pool.remove(0);
            }
        }
        return true;
    }

    /** Compares all that can be asked of all names. */
    private @Nullable String state() {
        for (Twin twin : twins) {
            List<Pair> all = new ArrayList<>(twin.pool);
            all.add(twin.mailbox);
            all.add(twin.other);
            for (Pair pair : all) {
                String difference = compare(twin, side -> describe(twin.calls[side], pair.in(side)));
                if (difference != null) {
                    return "name " + pair + ": " + difference;
                }
            }
        }
        return null;
    }

    private static Answer describe(MachCalls calls, int name) {
        int[] one = new int[1];
        int[] info = new int[Mach.MACH_PORT_RECEIVE_STATUS_COUNT];
        Answer answer = new Answer().code(calls.type(name, one)).word(Integer.toHexString(one[0]));
        for (int right = 0; right < 5; right++) {
            one[0] = 0;
            calls.getRefs(name, right, one);
            answer.word(one[0]);
        }
        int code = calls.getAttributes(name, Mach.MACH_PORT_RECEIVE_STATUS, info);
        return answer.word(new KernReturn(code)).word(code == 0 ? Arrays.toString(info) : "");
    }

    private Pair any(Twin twin, Random random) {
        int choice = random.nextInt(100);
        if (choice < 2 || twin.pool.isEmpty()) {
            int odd = new int[] {0, -1, 123, 122, 0x7e0003}[random.nextInt(5)];
            return new Pair(odd, odd);
        }
        return twin.pool.get(random.nextInt(twin.pool.size()));
    }

    private Call call(Twin twin, Random random) {
        int choice = random.nextInt(100);
        if (choice < 24) {
            return send(twin, random);
        }
        if (choice < 50) {
            return receive(twin, random);
        }
        Pair name = any(twin, random);
        Pair second = any(twin, random);
        int right = RIGHTS[random.nextInt(RIGHTS.length)];
        int small = random.nextInt(7) - 3;
        int disposition = 15 + random.nextInt(8);
        return switch (random.nextInt(29)) {
            case 0, 1, 2, 3 -> allocate(twin, random.nextInt(4) == 0 ? right : random.nextInt(3) == 0 ? 3 : 1);
            case 4, 5 -> construct(twin, random);
            case 6 -> code("destruct " + name + " " + small, s -> calls(twin, s).destruct(name.in(s), small, 7));
            case 7, 8 -> code("deallocate " + name, s -> calls(twin, s).deallocate(name.in(s)));
            case 9, 10, 11 ->
                code("modRefs " + name + " " + right + " " + small, s -> calls(twin, s)
                        .modRefs(name.in(s), right, small));
            case 12, 13, 14 ->
                code("insertRight " + name + " " + disposition, s -> calls(twin, s)
                        .insertRight(name.in(s), name.in(s), disposition));
            case 15 ->
                code("insertRight " + name + " " + second + " " + disposition, s -> calls(twin, s)
                        .insertRight(name.in(s), second.in(s), disposition));
            case 16, 17 -> extract(twin, name, disposition);
            case 18 ->
                code("limit " + name + " " + small, s -> calls(twin, s)
                        .setAttributes(name.in(s), Mach.MACH_PORT_LIMITS_INFO, new int[] {small}));
            case 19, 20 -> code("destroy " + name, s -> ((MachKernel) calls(twin, s)).destroy(name.in(s)));
            case 21 ->
                code(
                        "counts " + name,
                        s -> calls(twin, s).setMakeSendCount(name.in(s), small)
                                + 1000 * calls(twin, s).setSequenceNumber(name.in(s), small));
            case 22 -> code("context " + name, s -> calls(twin, s).setContext(name.in(s), small));
            case 23 -> code("unguard " + name, s -> calls(twin, s).unguard(name.in(s), 7));
            case 24 ->
                code("insertMember " + name + " " + second, s -> calls(twin, s).insertMember(name.in(s), second.in(s)));
            case 25 ->
                random.nextBoolean()
                        ? code("extractMember " + name + " " + second, s -> calls(twin, s)
                                .extractMember(name.in(s), second.in(s)))
                        : code("moveMember " + name + " " + second, s -> calls(twin, s)
                                .moveMember(name.in(s), second.in(s)));
            case 26 -> members(twin, name);
            default -> request(twin, name, random);
        };
    }

    private static MachCalls calls(Twin twin, int side) {
        return twin.calls[side];
    }

    private Call code(String words, IntUnaryOperator call) {
        last = words;
        return side -> new Answer().code(call.applyAsInt(side));
    }

    private Call allocate(Twin twin, int right) {
        last = "allocate " + right;
        return side -> {
            int[] name = new int[1];
            return new Answer().code(calls(twin, side).allocate(right, name)).name(name[0]);
        };
    }

    private Call construct(Twin twin, Random random) {
        int flags = random.nextInt(4) == 0 ? random.nextInt(64) : Mach.MPO_QLIMIT | Mach.MPO_INSERT_SEND_RIGHT;
        int limit = random.nextInt(8) == 0 ? random.nextInt(2000) - 1 : random.nextInt(4);
        last = "construct " + flags + " " + limit;
        return side -> {
            int[] name = new int[1];
            return new Answer()
                    .code(calls(twin, side).construct(flags, limit, 7, name))
                    .name(name[0]);
        };
    }

    private Call extract(Twin twin, Pair name, int disposition) {
        last = "extractRight " + name + " " + disposition;
        return side -> {
            int[] out = new int[2];
            int code = calls(twin, side).extractRight(name.in(side), disposition, out);
            return new Answer().code(code).word(out[1]).name(out[0]);
        };
    }

    private Call members(Twin twin, Pair set) {
        last = "getSetStatus " + set;
        return side -> {
            int[][] members = {{}};
            Answer answer = new Answer().code(calls(twin, side).getSetStatus(set.in(side), members));
            return answer.word(members[0].length);
        };
    }

    private Call request(Twin twin, Pair name, Random random) {
        int id = NOTIFICATIONS[random.nextInt(NOTIFICATIONS.length)];
        int sync = random.nextInt(3);
        boolean none = random.nextInt(4) == 0;
        last = "request " + name + " " + id + " " + sync + (none ? " none" : "");
        return side -> {
            int[] previous = new int[1];
            int code = calls(twin, side)
                    .requestNotification(
                            name.in(side),
                            id,
                            sync,
                            none ? 0 : twin.mailbox.in(side),
                            Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE,
                            previous);
            return new Answer().code(code).name(previous[0]);
        };
    }

    private Call send(Twin twin, Random random) {
        int target = random.nextInt(10);
        boolean mail = target < 6;
        Pair to = target < 3 ? twin.mailbox : mail ? twin.other : any(twin, random);
        int disposition = mail ? Mach.MACH_MSG_TYPE_COPY_SEND : 17 + random.nextInt(5);
        Pair reply = random.nextInt(3) > 0 ? new Pair(0, 0) : any(twin, random);
        int replyDisposition = reply.memory() == 0 ? 0 : rightFor(mail, random);
        int count = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
        Pair[] names = new Pair[count];
        int[] dispositions = new int[count];
        for (int i = 0; i < count; i++) {
            names[i] = any(twin, random);
            dispositions[i] = random.nextInt(40) == 0 ? 22 : mail && random.nextBoolean() ? 16 : rightFor(mail, random);
        }
        int id = random.nextInt(1000);
        int words = random.nextInt(4) == 0 ? random.nextInt(200) : 0;
        int options = Mach.MACH_SEND_TIMEOUT | (random.nextInt(4) == 0 ? Mach.MACH_SEND_NOTIFY : 0);
        last = "send to " + to + " " + disposition + " reply " + reply + " " + replyDisposition + " rights "
                + Arrays.toString(names) + Arrays.toString(dispositions) + " words " + words;
        return side -> {
            RawMessage message = new RawMessage(calls(twin, side))
                    .to(to.in(side), disposition)
                    .id(id);
            if (replyDisposition != 0) {
                message.replyTo(reply.in(side), replyDisposition);
            }
            for (int i = 0; i < count; i++) {
                message.right(names[i].in(side), dispositions[i]);
            }
            int code = message.body(new int[words]).send(options, 0);
            Answer answer = new Answer().code(code);
            return code == KernReturn.MACH_SEND_TIMED_OUT ? contents(answer, message) : answer;
        };
    }

    private static int rightFor(boolean mail, Random random) {
        return mail ? 17 + random.nextInt(5) : new int[] {17, 19, 20}[random.nextInt(3)];
    }

    private Call receive(Twin twin, Random random) {
        Pair from = random.nextInt(3) > 0 ? twin.mailbox : any(twin, random);
        int options = Mach.MACH_RCV_TIMEOUT
                | Mach.MACH_RCV_TRAILER_CTX_BITS
                | (random.nextBoolean() ? Mach.MACH_RCV_LARGE : 0)
                | (random.nextBoolean() ? Mach.MACH_RCV_LARGE_IDENTITY : 0);
        int size = random.nextInt(10) == 0 ? random.nextInt(300) : 4096;
        last = "receive from " + from + " " + Integer.toHexString(options) + " " + size;
        if (membersWithMessages(twin, from) > 1) {
            last += " but several members have messages";
            return side -> new Answer();
        }
        return side -> {
            RawMessage message = new RawMessage(calls(twin, side));
            int code = message.receive(from.in(side), options, size, 0);
            Answer answer = new Answer().code(code);
            return code == 0 ? trailer(contents(answer, message), message) : answer;
        };
    }

    /** Whose turn it is in a set is the kernel's to choose. Both are asked, for a name that is looked at may turn dead. */
    private static int membersWithMessages(Twin twin, Pair set) {
        return Math.max(membersWithMessages(twin, set, MEMORY), membersWithMessages(twin, set, SOCKETS));
    }

    private static int membersWithMessages(Twin twin, Pair set, int side) {
        int[][] members = {{}};
        int[] info = new int[Mach.MACH_PORT_RECEIVE_STATUS_COUNT];
        int count = 0;
        twin.calls[side].getSetStatus(set.in(side), members);
        for (int member : members[0]) {
            twin.calls[side].getAttributes(member, Mach.MACH_PORT_RECEIVE_STATUS, info);
            count += info[4] > 0 ? 1 : 0;
        }
        return count;
    }

    private static Answer contents(Answer answer, RawMessage message) {
        answer.word(message.remoteDisposition()).word(message.localDisposition());
        answer.name(message.remote()).name(message.local()).word(message.id());
        for (int i = 0; i < message.descriptorCount(); i++) {
            answer.word(message.disposition(i)).name(message.name(i));
        }
        return answer;
    }

    private static Answer trailer(Answer answer, RawMessage message) {
        boolean kernel = message.trailer(MessageLayout.TRAILER_GID) == 1;
        answer.word(message.size())
                .word(message.trailer(MessageLayout.TRAILER_SEQNO))
                .word(kernel ? "kernel" : "task");
        answer.word(message.trailerLong(MessageLayout.TRAILER_CONTEXT));
        if (kernel && message.id() == Mach.MACH_NOTIFY_NO_SENDERS) {
            answer.word(message.word(2));
        } else if (kernel && !message.isComplex() && message.id() != Mach.MACH_NOTIFY_SEND_ONCE) {
            answer.name(message.word(2));
        }
        return answer;
    }
}

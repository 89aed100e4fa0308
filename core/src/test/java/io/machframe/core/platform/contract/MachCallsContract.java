/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.testing.RightsLedger;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every platform's {@link MachCalls} must do, said in calls and codes. The rules are XNU's, and each test of a
 * subclass names the file of {@code osfmk/ipc}, or Apple's own test, that they were read in.
 *
 * <p>A test ends with nothing open: what it makes it gives back.
 */
@Timeout(60)
@ExtendWith(RightsLedger.class)
abstract class MachCallsContract {
    static final int SUCCESS = KernReturn.KERN_SUCCESS;

    /** No call ever gave this name out: its low bits are not those of a name. */
    static final int UNKNOWN = 0x00ffff00;

    private MachTasks tasks;

    /** The task of a test that needs only one. */
    MachCalls task;

    /** The task that has the receive right, in a test between two; both may be the same where a process is one task. */
    MachCalls receiver;

    MachCalls sender;

    @BeforeEach
    void begin(TestInfo test) throws ReflectiveOperationException {
        tasks = platformOf(test.getTestClass().orElseThrow());
        task = tasks.newTask();
        receiver = tasks.newTask();
        sender = tasks.newTask();
    }

    private static MachTasks platformOf(Class<?> test) throws ReflectiveOperationException {
        RunsOn platform = test.getAnnotation(RunsOn.class);
        return platform == null
                ? platformOf(test.getEnclosingClass())
                : platform.value().getDeclaredConstructor().newInstance();
    }

    @AfterEach
    void end() {
        tasks.requireNothingOpen();
    }

    final MachTasks platform() {
        return tasks;
    }

    /** Gives a task a send right to another's port and returns its name there. */
    final int giveSend(MachCalls owner, int receive, MachCalls taker) {
        return tasks.giveSend(owner, receive, taker);
    }

    final void assumeSeparateTasks() {
        assumeTrue(tasks.areSeparate(), "there is one task in this process");
    }

    final void assumeMistakesAreForgiven() {
        assumeTrue(tasks.forgiveMistakes(), "this system may end a process for such a call");
    }

    final void assumeInterruptionIsHeeded() {
        assumeTrue(tasks.heedInterruption(), "an interruption does not reach the system's waits");
    }

    static void ok(int code) {
        answers(SUCCESS, code);
    }

    static void answers(int wanted, int code) {
        assertEquals(new KernReturn(wanted), new KernReturn(code));
    }

    static int receiveRight(MachCalls calls) {
        int[] name = new int[1];
        ok(calls.allocate(Mach.MACH_PORT_RIGHT_RECEIVE, name));
        return name[0];
    }

    /** Makes a port with a queue limit. */
    static int receiveRight(MachCalls calls, int limit) {
        int[] name = new int[1];
        ok(calls.construct(Mach.MPO_QLIMIT, limit, 0, name));
        return name[0];
    }

    /** Makes a port whose name holds the receive right and one send right. */
    static int sendReceive(MachCalls calls) {
        int name = receiveRight(calls);
        makeSend(calls, name);
        return name;
    }

    static void makeSend(MachCalls calls, int name) {
        ok(calls.insertRight(name, name, Mach.MACH_MSG_TYPE_MAKE_SEND));
    }

    static int makeSendOnce(MachCalls calls, int name) {
        int[] out = new int[2];
        ok(calls.extractRight(name, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, out));
        assertEquals(Mach.MACH_MSG_TYPE_PORT_SEND_ONCE, out[1]);
        return out[0];
    }

    static int deadName(MachCalls calls) {
        int[] name = new int[1];
        ok(calls.allocate(Mach.MACH_PORT_RIGHT_DEAD_NAME, name));
        return name[0];
    }

    /** Kills a port by its receive right; send rights under the name stay and become a dead name. */
    static void destroy(MachCalls calls, int receive) {
        ok(calls.modRefs(receive, Mach.MACH_PORT_RIGHT_RECEIVE, -1));
    }

    /** Gives everything back that a name of a live port holds. */
    static void release(MachCalls calls, int name) {
        int sends = refs(calls, name, Mach.MACH_PORT_RIGHT_SEND);
        if (sends > 0) {
            ok(calls.modRefs(name, Mach.MACH_PORT_RIGHT_SEND, -sends));
        }
        if ((type(calls, name) & Mach.MACH_PORT_TYPE_RECEIVE) != 0) {
            destroy(calls, name);
        }
    }

    static int type(MachCalls calls, int name) {
        int[] type = new int[1];
        return calls.type(name, type) == SUCCESS ? type[0] : 0;
    }

    static int refs(MachCalls calls, int name, int right) {
        int[] refs = new int[1];
        return calls.getRefs(name, right, refs) == SUCCESS ? refs[0] : 0;
    }

    static int sends(MachCalls calls, int name) {
        return refs(calls, name, Mach.MACH_PORT_RIGHT_SEND);
    }

    static int deads(MachCalls calls, int name) {
        return refs(calls, name, Mach.MACH_PORT_RIGHT_DEAD_NAME);
    }

    static Status status(MachCalls calls, int name) {
        int[] info = new int[Mach.MACH_PORT_RECEIVE_STATUS_COUNT];
        ok(calls.getAttributes(name, Mach.MACH_PORT_RECEIVE_STATUS, info));
        return new Status(info[1], info[2], info[3], info[4], info[5], info[6] != 0, info[9]);
    }

    /** The fields of {@code mach_port_status_t} that are in use. */
    record Status(
            int sequence,
            int makeSendCount,
            int limit,
            int messages,
            int sendOnceRights,
            boolean hasSends,
            int flags) {}

    static int limit(MachCalls calls, int name) {
        int[] info = new int[1];
        ok(calls.getAttributes(name, Mach.MACH_PORT_LIMITS_INFO, info));
        return info[0];
    }

    static void setLimit(MachCalls calls, int name, int limit) {
        ok(calls.setAttributes(name, Mach.MACH_PORT_LIMITS_INFO, new int[] {limit}));
    }

    /** Sends an empty message through a send right that stays. */
    static int send(MachCalls calls, int name, int id) {
        return message(calls, name, id).send();
    }

    /** Makes a message to a port through a send right that stays. */
    static RawMessage message(MachCalls calls, int name, int id) {
        return new RawMessage(calls).to(name, Mach.MACH_MSG_TYPE_COPY_SEND).id(id);
    }

    /** Takes the next message of a queue, which must have that id and no rights. */
    static void takes(MachCalls calls, int receive, int id) {
        assertEquals(id, RawMessage.taken(calls, receive).id());
    }

    /** The disposition of that name, for tables of tests. */
    static int disposition(String name) {
        return switch (name) {
            case "COPY_SEND" -> Mach.MACH_MSG_TYPE_COPY_SEND;
            case "MOVE_SEND" -> Mach.MACH_MSG_TYPE_MOVE_SEND;
            case "MAKE_SEND" -> Mach.MACH_MSG_TYPE_MAKE_SEND;
            case "MAKE_SEND_ONCE" -> Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE;
            case "MOVE_SEND_ONCE" -> Mach.MACH_MSG_TYPE_MOVE_SEND_ONCE;
            default -> throw new IllegalArgumentException(name);
        };
    }

    static void isEmpty(MachCalls calls, int receive) {
        answers(KernReturn.MACH_RCV_TIMED_OUT, new RawMessage(calls).receive(receive));
    }

    /** Runs a call in another thread and returns when it has surely had the time to block, or is done. */
    static CompletableFuture<Integer> inThread(Supplier<Integer> call) throws InterruptedException {
        return inThread(call, new Thread[1]);
    }

    /** As above; {@code thread[0]} becomes the thread. */
    static CompletableFuture<Integer> inThread(Supplier<Integer> call, Thread[] thread) throws InterruptedException {
        CompletableFuture<Integer> result = new CompletableFuture<>();
        thread[0] = new Thread(() -> {
            try {
                result.complete(call.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        thread[0].start();
        Thread.sleep(50);
        return result;
    }
}

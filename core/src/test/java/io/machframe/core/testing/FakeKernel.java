/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.KernelException;
import io.machframe.core.platform.kernel.MachKernel;
import io.machframe.core.platform.kernel.ReceiveEnd;
import io.machframe.core.platform.kernel.SetEnd;
import io.machframe.core.platform.kernel.TaskMemory;
import io.machframe.core.platform.kernel.Transport;
import io.machframe.core.platform.kernel.Watch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ports made of queues in memory, for {@link MachKernel}: several tasks of one JVM exchange rights through it, and a test
 * decides what goes wrong.
 *
 * <p>It is strict. An end that is closed twice, or used or retained after its last close, fails the call at once, and
 * {@link #open} tells what nobody closed. Safe from any thread.
 */
public final class FakeKernel {
    private final Set<Object> open = new LinkedHashSet<>();
    private boolean onceTakesAPlace = true;
    private int lastPid = 1000;
    private @Nullable Integer nextSend;
    private @Nullable RuntimeException nextSendFailure;
    private @Nullable Integer nextMake;

    /** Makes a task: a name space of its own whose messages carry a pid of its own, and 501 and 20 as uid and gid. */
    public synchronized MachKernel newTask() {
        return new MachKernel(new FakeTransport(new FakeSender(++lastPid, 501, 20)));
    }

    /** From now on a message through a send-once right takes no place of the queue limit, as over sockets. */
    public synchronized void letOnceTakeNoPlace() {
        onceTakesAPlace = false;
    }

    boolean onceTakesAPlace() {
        return onceTakesAPlace;
    }

    /**
     * Makes the next send answer a {@code mach_msg} code without looking at its port. The message is dropped, also with
     * {@code KERN_SUCCESS}: that is what a sender sees whose receiver died while it waited.
     */
    public synchronized void answerNextSend(int code) {
        nextSend = code;
    }

    /** Makes the next send throw. */
    public synchronized void failNextSend(RuntimeException failure) {
        nextSendFailure = failure;
    }

    /** Makes the next port or right that is to be made fail with a {@code kern_return_t}. */
    public synchronized void failNextMake(int code) {
        nextMake = code;
    }

    /** Returns a line for each end that is open, in tasks and in queues. */
    public synchronized List<String> open() {
        List<String> lines = new ArrayList<>();
        open.forEach(end -> lines.add(end.toString()));
        return lines;
    }

    void opened(Object end) {
        if (!open.add(end)) {
            throw new AssertionError(end + " was opened twice");
        }
    }

    void closed(Object end) {
        if (!open.remove(end)) {
            throw new AssertionError(end + " was closed twice");
        }
    }

    void requireOpen(Object end) {
        if (!open.contains(end)) {
            throw new AssertionError(end + " is used after its last close");
        }
    }

    /** Returns the answer a test wants for this send, or null. */
    @Nullable
    Integer takeSendAnswer() {
        RuntimeException failure = nextSendFailure;
        if (failure != null) {
            nextSendFailure = null;
            throw failure;
        }
        Integer answer = nextSend;
        nextSend = null;
        return answer;
    }

    void failIfAsked() throws KernelException {
        Integer code = nextMake;
        if (code != null) {
            nextMake = null;
            throw new KernelException(code);
        }
    }

    private final class FakeTransport implements Transport {
        private final FakeSender task;
        private final FakeMemory memory = new FakeMemory(FakeKernel.this);

        FakeTransport(FakeSender task) {
            this.task = task;
        }

        @Override
        public MessageBuffer newBuffer(int capacity) {
            return new MessageBuffer(ByteBuffer.allocate(capacity), 0);
        }

        @Override
        public ReceiveEnd createPort(int queueLimit) throws KernelException {
            synchronized (FakeKernel.this) {
                failIfAsked();
                return new FakePort(FakeKernel.this, task, queueLimit);
            }
        }

        @Override
        public SetEnd createSet() {
            return new FakeSet(FakeKernel.this);
        }

        @Override
        public Watch createWatch(Watch.Listener listener) {
            return new FakeWatch(FakeKernel.this, listener);
        }

        @Override
        public TaskMemory memory() {
            return memory;
        }
    }
}

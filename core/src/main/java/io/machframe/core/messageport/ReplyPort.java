/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import io.machframe.core.error.InterruptedCallException;
import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.platform.VirtualThreads;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the answer to one request comes to. Each request that waits has its own, so those of several threads do not
 * disturb each other; one after the other may use the same.
 */
final class ReplyPort implements AutoCloseable {
    private static final int ORDER = -100;

    private final ReceiveRight port;
    private int conversation;
    private volatile @Nullable ByteBuffer answer;

    private ReplyPort(ReceiveRight port) {
        this.port = port;
    }

    static ReplyPort open() throws MachException {
        return new ReplyPort(Task.self().allocatePort());
    }

    ReceiveRight port() {
        return port;
    }

    /** Begins to expect the answer to a request. */
    void expect(int request) {
        conversation = -request;
        answer = null;
    }

    /** Returns the answer if it came. */
    @Nullable
    ByteBuffer answer() {
        return answer;
    }

    /**
     * Waits until some message comes, whatever it is, or the time is over. Other sources of the calling thread's loop do
     * not run meanwhile.
     */
    void await(long nanos) throws MachException {
        if (VirtualThreads.isCurrent()) {
            park(nanos);
            return;
        }
        receive(nanos);
    }

    private boolean receive(long nanos) throws MachException {
        try {
            Optional<ReceivedMessage> message = ReceivedMessage.tryReceiveFrom(port, Duration.ofNanos(nanos));
            if (message.isPresent()) {
                try (ReceivedMessage received = message.get()) {
                    accept(received);
                }
            }
            return message.isPresent();
        } catch (InterruptedException e) {
            throw InterruptedCallException.of(e);
        }
    }

    /** Returns the answer if it came, if need be from behind other messages in the queue. */
    @Nullable
    ByteBuffer lastAnswer() throws MachException {
        while (answer == null && receive(0)) {
            // One of them may be the answer.
        }
        return answer;
    }

    /** Waits as {@link #await} does, while the calling thread's loop runs in a mode. */
    void await(RunLoopMode mode, long nanos) throws MachException {
        PortSource source = PortSource.of(ORDER, port, this::accept);
        RunLoop.current().add(source, mode);
        try {
            RunLoop.current().runInMode(mode, Duration.ofNanos(nanos), true);
        } finally {
            source.invalidate();
        }
    }

    /** Lets the loop in the background wait, since this thread is virtual and would hold its carrier. */
    private void park(long nanos) throws MachException {
        Semaphore arrived = new Semaphore(0);
        PortSource source = PortSource.of(ORDER, port, message -> {
            accept(message);
            arrived.release();
            return Optional.empty();
        });
        RunLoop.background().add(source, RunLoopMode.DEFAULT);
        try {
            arrived.tryAcquire(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw InterruptedCallException.of(e);
        } finally {
            source.invalidate();
        }
    }

    /** Takes the answer out of a message; notifications, pokes and answers to others are none. */
    private Optional<OutgoingMessage> accept(ReceivedMessage message) {
        try (WireForm.Content content = WireForm.decode(message)) {
            if (content.conversation() == conversation) {
                answer = WireForm.copyOf(content.data());
            }
        } catch (InvalidMessageException e) {
            // What is no answer only ends the wait, so that the port is looked at.
        }
        return Optional.empty();
    }

    /** Ends a wait, from another thread. */
    void poke() {
        try (OutgoingMessage message = OutgoingMessage.builder().build()) {
            message.sendTo(port.makeSendOnce());
        } catch (MachException | IllegalStateException closed) {
            // Nobody waits any more.
        }
    }

    @Override
    public void close() {
        port.close();
    }
}

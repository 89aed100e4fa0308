/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.error.MachException;
import io.machframe.core.error.NoReplyException;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks servers and waits for their replies: a port that one request at a time is answered on.
 *
 * <p>Each request carries a right to reply once. If it is not answered, in time or at all, the port is exchanged for
 * another one, so that a late reply cannot be taken for the answer to the next request.
 *
 * <p><b>Threads.</b> Not thread-safe (confine to one thread).
 */
public final class RequestPort implements AutoCloseable {
    private final Task task;
    private ReceiveRight port;

    private RequestPort(Task task) throws MachException {
        this.task = task;
        this.port = task.allocatePort();
    }

    /** Makes a port to ask from in this process. */
    public static RequestPort open() throws MachException {
        return open(Task.self());
    }

    /** Makes a port to ask from. */
    public static RequestPort open(Task task) throws MachException {
        return new RequestPort(task);
    }

    /**
     * Sends a request and waits for its reply, in one call of {@code mach_msg}.
     *
     * @param request without a right to reply, which is added; spent, whatever happens
     * @return the reply, the caller's to close
     * @throws NoReplyException if the server dropped the request or ended
     * @throws io.machframe.core.error.DeadPortException if the server is dead already
     */
    public ReceivedMessage request(SendRight server, MessageBuilder request)
            throws MachException, InterruptedException {
        ReceivedMessage reply = null;
        try (request;
                OutgoingMessage message = request.replyOnceTo(port).build()) {
            reply = message.sendAndReceive(server, port);
        } finally {
            renewUnless(reply != null);
        }
        return answered(reply);
    }

    /**
     * As {@link #request(SendRight, MessageBuilder)} within some time.
     *
     * @return the reply, or empty if none came in time
     * @throws MachException {@code MACH_SEND_TIMED_OUT} if the server's queue was full all the time
     */
    public Optional<ReceivedMessage> tryRequest(SendRight server, MessageBuilder request, Duration timeout)
            throws MachException, InterruptedException {
        Optional<ReceivedMessage> reply = Optional.empty();
        try (request;
                OutgoingMessage message = request.replyOnceTo(port).build()) {
            reply = message.trySendAndReceive(server, port, timeout);
        } finally {
            renewUnless(reply.isPresent());
        }
        return reply.isPresent() ? Optional.of(answered(reply.get())) : reply;
    }

    private void renewUnless(boolean answered) throws MachException {
        if (!answered) {
            port.close();
            port = task.allocatePort();
        }
    }

    private static ReceivedMessage answered(ReceivedMessage reply) throws NoReplyException {
        if (reply.isSendOnceNotice()) {
            reply.close();
            throw new NoReplyException();
        }
        return reply;
    }

    /** Closes the port. Closing again does nothing. */
    @Override
    public void close() {
        port.close();
    }
}

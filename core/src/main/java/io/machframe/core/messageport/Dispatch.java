/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import io.machframe.core.error.DeadPortException;
import io.machframe.core.error.MachException;
import io.machframe.core.message.DescriptorKind;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import java.lang.System.Logger;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the requests of a local port on an executor, one at a time. The loop in the background receives. When as many
 * are on their way as the port's queue holds, the port leaves that loop until there are less: so a listener that is slow
 * holds up those who send, and memory is not filled.
 */
final class Dispatch {
    private static final Logger LOG = System.getLogger(LocalMessagePort.class.getName());
    private static final int MOST = 5;

    private final LocalMessagePort owner;
    private final Executor executor;
    private final PortSource source;
    private final ArrayDeque<Request> requests = new ArrayDeque<>();
    private boolean delivering;
    private boolean paused;

    private record Request(WireForm.Content content, @Nullable SendOnceRight reply) {
        void close() {
            content.close();
            if (reply != null) {
                reply.close();
            }
        }
    }

    Dispatch(LocalMessagePort owner, ReceiveRight port, Executor executor) {
        this.owner = owner;
        this.executor = executor;
        this.source = PortSource.of(0, port, this::received);
    }

    Executor executor() {
        return executor;
    }

    /** Begins to receive, or goes on with it. */
    void begin() {
        try {
            RunLoop.background().add(source, RunLoopMode.DEFAULT);
        } catch (MachException e) {
            LOG.log(Logger.Level.ERROR, "a message port cannot receive any more", e);
        }
    }

    /** Receives no more; requests that are on their way are dropped. */
    void end() {
        source.invalidate();
        List<Request> dropped;
        synchronized (this) {
            dropped = List.copyOf(requests);
            requests.clear();
        }
        dropped.forEach(Request::close);
    }

    private Optional<OutgoingMessage> received(ReceivedMessage message) throws MachException {
        Optional<WireForm.Content> content = owner.read(message);
        if (content.isPresent()) {
            SendOnceRight reply = message.replyKind() == DescriptorKind.SEND_ONCE ? message.takeReplyOnce() : null;
            add(new Request(content.get().keep(), reply));
        }
        return Optional.empty();
    }

    private void add(Request request) {
        boolean first;
        synchronized (this) {
            requests.add(request);
            if (requests.size() == MOST) {
                paused = true;
                RunLoop.background().remove(source, RunLoopMode.DEFAULT);
            }
            first = !delivering;
            delivering = true;
        }
        if (first) {
            hand();
        }
    }

    private void hand() {
        try {
            executor.execute(this::deliver);
        } catch (RejectedExecutionException e) {
            LOG.log(Logger.Level.WARNING, "an executor refused a request to a message port: it gets no answer", e);
            take().ifPresent(Request::close);
            goOn();
        }
    }

    private void deliver() {
        Optional<Request> request = take();
        try {
            request.ifPresent(this::deliver);
        } finally {
            request.ifPresent(Request::close);
            goOn();
        }
    }

    private void deliver(Request request) {
        try {
            Optional<ByteBuffer> answer = owner.call(request.content);
            if (request.reply != null && source.isValid()) {
                answer(WireForm.encodeReply(request.content, answer), request.reply);
            }
        } catch (MachException | RuntimeException e) {
            LOG.log(Logger.Level.WARNING, "a request to a message port was not answered", e);
        }
    }

    private synchronized Optional<Request> take() {
        return Optional.ofNullable(requests.poll());
    }

    private void goOn() {
        boolean more;
        boolean resumed;
        synchronized (this) {
            more = !requests.isEmpty();
            delivering = more;
            resumed = paused && requests.size() < MOST;
            paused &= !resumed;
        }
        if (resumed) {
            begin();
        }
        if (more) {
            hand();
        }
    }

    private static void answer(OutgoingMessage answer, SendOnceRight reply) throws MachException {
        try (answer) {
            answer.sendTo(reply);
        } catch (DeadPortException e) {
            // Who asked is gone and needs no answer.
        }
    }
}

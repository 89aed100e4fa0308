/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Messages and ports within one process. */
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public class MessageCallBenchmark {
    private ReceiveRight inbox;
    private SendRight right;

    /** Makes a port. */
    @Setup
    public void open() throws MachException {
        inbox = Task.self().allocatePort();
        right = inbox.makeSend();
    }

    /** Closes it. */
    @TearDown
    public void close() {
        right.close();
        inbox.close();
    }

    /** Sends an empty message and receives it; nobody waits. */
    @Benchmark
    public int sendAndReceive() throws MachException, InterruptedException {
        try (OutgoingMessage message = OutgoingMessage.builder().id(7).build()) {
            message.sendTo(right);
        }
        try (ReceivedMessage message = ReceivedMessage.receiveFrom(inbox)) {
            return message.id();
        }
    }

    /** Makes a port and destroys it. */
    @Benchmark
    public void createAndClosePort() throws MachException {
        Task.self().allocatePort().close();
    }

    /** Makes a port and a send right to it, and destroys both. */
    @Benchmark
    public void createAndClosePortWithSendRight() throws MachException {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight send = port.makeSend()) {
            send.name();
        }
    }
}

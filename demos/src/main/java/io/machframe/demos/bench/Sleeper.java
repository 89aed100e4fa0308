/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.runloop.PortSource;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** A thread that sleeps until a message comes to one of its ports, again and again. */
final class Sleeper implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final List<ReceiveRight> ports = new ArrayList<>();
    private final boolean usesLoop;
    private Histogram latencies = Outcome.histogram();
    private int left;
    private long firstCpu;
    private long lastCpu;

    private Sleeper(boolean usesLoop) {
        this.usesLoop = usesLoop;
    }

    /**
     * What one round came to.
     *
     * @param latencies nanoseconds from sending to waking
     * @param cpuNanos CPU time of the thread that was woken, from the first message to the last
     */
    record Round(Histogram latencies, long cpuNanos) {}

    static Sleeper inReceive() throws MachException {
        Sleeper sleeper = new Sleeper(false);
        sleeper.open(1);
        return sleeper;
    }

    static Sleeper inLoop(int sources) throws MachException {
        Sleeper sleeper = new Sleeper(true);
        sleeper.open(sources);
        return sleeper;
    }

    private void open(int count) throws MachException {
        for (int i = 0; i < count; i++) {
            ports.add(Task.self().allocatePort());
        }
    }

    /** Sends messages at a rate and returns how fast the thread woke. */
    Round run(int messages, int rate) throws IOException, InterruptedException {
        CompletableFuture<Round> woken = CompletableFuture.supplyAsync(() -> sleep(messages), thread);
        try (SendRight right = ports.get(ports.size() / 2).makeSend()) {
            ByteBuffer body = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            long next = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
            for (int i = 0; i < messages; i++) {
                while (System.nanoTime() < next) {
                    LockSupport.parkNanos(next - System.nanoTime());
                }
                next = System.nanoTime() + TimeUnit.SECONDS.toNanos(1) / rate;
                try (OutgoingMessage message = OutgoingMessage.builder()
                        .body(body.putLong(0, System.nanoTime()))
                        .build()) {
                    message.sendTo(right);
                }
            }
        }
        try {
            return woken.get();
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }

    private Round sleep(int messages) {
        latencies = Outcome.histogram();
        left = messages;
        firstCpu = 0;
        try {
            if (usesLoop) {
                loop();
            } else {
                while (left > 0) {
                    try (ReceivedMessage message = ReceivedMessage.receiveFrom(ports.get(0))) {
                        received(message);
                    }
                }
            }
        } catch (MachException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new Round(latencies, lastCpu - firstCpu);
    }

    private void loop() throws MachException {
        List<PortSource> sources = new ArrayList<>();
        for (ReceiveRight port : ports) {
            PortSource source = PortSource.of(0, port, this::received);
            sources.add(source);
            RunLoop.current().add(source, RunLoopMode.DEFAULT);
        }
        RunLoop.current().run();
        sources.forEach(PortSource::invalidate);
    }

    private Optional<OutgoingMessage> received(ReceivedMessage message) throws MachException {
        latencies.recordValue(System.nanoTime() - message.body().getLong(0));
        firstCpu = firstCpu == 0 ? cpu() : firstCpu; // adding and removing the sources does not count
        if (--left == 0) {
            lastCpu = cpu();
            RunLoop.current().stop();
        }
        return Optional.empty();
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    @Override
    public void close() {
        thread.shutdown();
        ports.forEach(ReceiveRight::close);
    }
}

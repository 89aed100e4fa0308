/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.port.SendRight;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * The receiving process of the hand-off benchmark: {@code NAME TOUCH SPIN}, the last in microseconds. Reads {@link Round}s, says "ready", and answers each
 * with the bytes it allocated, the frames it skipped, and the nanoseconds from publishing to receiving of the others.
 */
final class HandoffConsumer {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final FrameClient client;
    private final SendRight acknowledgements;
    private final boolean touch;

    /** Keeps the reads of pages from being optimised away. */
    private int seen;

    private HandoffConsumer(FrameClient client, SendRight acknowledgements, boolean touch) {
        this.client = client;
        this.acknowledgements = acknowledgements;
        this.touch = touch;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String acknowledgements = HandoffPublisher.acknowledgements(arguments[0]);
        try (FrameClient client = FrameClient.builder(arguments[0])
                        .spin(Duration.of(Long.parseLong(arguments[2]), ChronoUnit.MICROS))
                        .connect();
                SendRight right = Bootstrap.lookUp(acknowledgements, LIMIT)) {
            HandoffConsumer consumer = new HandoffConsumer(client, right, Boolean.parseBoolean(arguments[1]));
            System.out.println("ready");
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                consumer.answer(Round.parse(line));
            }
        }
    }

    private void answer(Round round) throws MachException, InterruptedException {
        long[] latencies = new long[round.frames()];
        System.out.println("ready");
        long skipped = client.statistics().skipped();
        long allocated = Allocation.bytes();
        int count = run(round, latencies);
        StringBuilder answer = new StringBuilder();
        answer.append(Allocation.bytes() - allocated).append(' ');
        answer.append(client.statistics().skipped() - skipped);
        for (int i = 0; i < count; i++) {
            answer.append(' ').append(latencies[i]);
        }
        System.out.println(answer);
    }

    private int run(Round round, long[] latencies) throws MachException, InterruptedException {
        int count = 0;
        boolean last;
        do {
            try (Frame frame = Objects.requireNonNull(client.tryReceive(LIMIT))) {
                latencies[count++] = receivedNanos(frame) - frame.publishedNanos();
                last = frame.timestampNanos() == HandoffPublisher.LAST;
            }
            if (round.mode() == Mode.PING_PONG) {
                acknowledge();
            }
        } while (!last);
        return count;
    }

    private long receivedNanos(Frame frame) {
        if (!touch) {
            return frame.receivedNanos();
        }
        seen += Pages.read(frame.surface());
        return System.nanoTime();
    }

    private void acknowledge() throws MachException, InterruptedException {
        try (OutgoingMessage message = OutgoingMessage.builder().id(seen).build()) {
            message.sendTo(acknowledgements);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceiveBuffer;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The receiving process of the messages benchmark: {@code NAME CARGO SENDERS}. Reads {@link Round}s, says "ready", and
 * answers each with the bytes it allocated, 0, and the nanoseconds from sending to receiving of each message.
 */
final class MessageReceiver {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MESSAGE_SIZE = 256;
    private static final int QUEUE_LIMIT = 256;

    private final ReceiveRight inbox;
    private final SendRight sender;
    private final int senders;

    private MessageReceiver(ReceiveRight inbox, SendRight sender, int senders) {
        this.inbox = inbox;
        this.sender = sender;
        this.senders = senders;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (ReceiveRight inbox = Task.self().allocatePort(QUEUE_LIMIT);
                SendRight sender = Bootstrap.lookUp(arguments[0], LIMIT)) {
            OutgoingMessage.builder().makeSend(inbox).build().sendTo(sender);
            MessageReceiver receiver = new MessageReceiver(inbox, sender, Integer.parseInt(arguments[2]));
            System.out.println("ready");
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                receiver.answer(Round.parse(line));
            }
        }
    }

    private void answer(Round round) throws MachException, InterruptedException {
        long[] latencies = new long[round.frames() / senders * senders];
        System.out.println("ready");
        long allocated = Allocation.bytes();
        receive(round, latencies);
        StringBuilder answer = new StringBuilder();
        answer.append(Allocation.bytes() - allocated).append(" 0");
        for (long latency : latencies) {
            answer.append(' ').append(latency);
        }
        System.out.println(answer);
    }

    private void receive(Round round, long[] latencies) throws MachException, InterruptedException {
        try (ReceiveBuffer buffer = ReceiveBuffer.ofSize(MESSAGE_SIZE)) {
            for (int i = 0; i < latencies.length; i++) {
                ReceivedMessage message = buffer.receiveFrom(inbox);
                latencies[i] = System.nanoTime() - message.body().getLong(0);
                message.close();
                if (round.mode() == Mode.PING_PONG) {
                    acknowledge();
                }
            }
        }
    }

    private void acknowledge() throws MachException, InterruptedException {
        try (OutgoingMessage message = OutgoingMessage.builder().build()) {
            message.sendTo(sender);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.MachException;
import io.machframe.core.message.MessageBuilder;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceiveBuffer;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The sending process of the messages benchmark: {@code NAME CARGO SENDERS}. Reads {@link Round}s, and answers each with
 * the bytes it allocated and the nanoseconds it took.
 */
final class MessageSender {
    static final int BODY_SIZE = 100;

    private static final int ACKNOWLEDGEMENT_SIZE = 64;

    private final SendRight receiver;
    private final ReceiveRight acknowledgements;
    private final SendRight gift;
    private final MessageCargo cargo;
    private final int senders;

    private MessageSender(
            SendRight receiver, ReceiveRight acknowledgements, SendRight gift, MessageCargo cargo, int senders) {
        this.receiver = receiver;
        this.acknowledgements = acknowledgements;
        this.gift = gift;
        this.cargo = cargo;
        this.senders = senders;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (ReceiveRight port = Bootstrap.checkIn(arguments[0]);
                ReceiveRight given = Task.self().allocatePort();
                SendRight gift = given.makeSend()) {
            System.out.println("ready");
            try (ReceivedMessage hello = ReceivedMessage.receiveFrom(port);
                    SendRight receiver = hello.takeSendRight(0)) {
                MessageCargo cargo = MessageCargo.of(arguments[1]);
                new MessageSender(receiver, port, gift, cargo, Integer.parseInt(arguments[2])).obey();
            }
        }
    }

    private void obey() throws IOException, InterruptedException {
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            Round round = Round.parse(line);
            long allocated = Allocation.bytes();
            long start = System.nanoTime();
            if (round.mode() == Mode.FREE) {
                sendFreely(round);
            } else {
                send(round, start);
            }
            System.out.println((Allocation.bytes() - allocated) + " " + (System.nanoTime() - start));
        }
    }

    private void send(Round round, long start) throws MachException, InterruptedException {
        ByteBuffer body = newBody();
        try (ReceiveBuffer buffer = ReceiveBuffer.ofSize(ACKNOWLEDGEMENT_SIZE)) {
            for (int i = 0; i < round.frames(); i++) {
                round.awaitTurn(start, i);
                send(body);
                if (round.mode() == Mode.PING_PONG) {
                    buffer.receiveFrom(acknowledgements);
                }
            }
        }
    }

    private static ByteBuffer newBody() {
        return ByteBuffer.allocateDirect(BODY_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void send(ByteBuffer body) throws MachException, InterruptedException {
        body.putLong(0, System.nanoTime());
        MessageBuilder builder = OutgoingMessage.builder().id(1).body(body);
        if (cargo == MessageCargo.RIGHT) {
            builder.copy(gift);
        }
        try (OutgoingMessage message = builder.build()) {
            message.sendTo(receiver);
        }
    }

    private void sendFreely(Round round) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < senders; i++) {
            Thread thread = new Thread(() -> sendFreely(round.frames() / senders));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void sendFreely(int count) {
        ByteBuffer body = newBody();
        try {
            for (int i = 0; i < count; i++) {
                send(body);
            }
        } catch (MachException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

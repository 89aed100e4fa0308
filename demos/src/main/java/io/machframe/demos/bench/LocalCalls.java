/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceiveBuffer;
import io.machframe.core.port.MessageSource;
import io.machframe.core.port.PortSet;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls within one process: reads "CALLS COUNT" and answers with the bytes allocated and the nanoseconds of CPU that each
 * took.
 */
final class LocalCalls {
    private static final int MESSAGE_SIZE = 256;

    private LocalCalls() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.out.println("ready");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = orders.readLine(); line != null; line = orders.readLine()) {
            String[] words = line.split(" ", 2);
            int count = Integer.parseInt(words[1]);
            System.out.println(
                    switch (words[0]) {
                        case "port" -> ports(count);
                        case "pair" -> pairs(count);
                        default -> sets(Integer.parseInt(words[0].substring("set".length())), count);
                    });
        }
    }

    private static String ports(int count) throws MachException, InterruptedException {
        return measure(count, () -> Task.self().allocatePort().close());
    }

    private static String pairs(int count) throws MachException, InterruptedException {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight right = port.makeSend()) {
            return pairs(count, port, right);
        }
    }

    private static String sets(int members, int count) throws MachException, InterruptedException {
        List<ReceiveRight> ports = new ArrayList<>();
        try (PortSet set = Task.self().allocateSet()) {
            for (int i = 0; i < members; i++) {
                ports.add(Task.self().allocatePort());
                set.add(ports.get(i));
            }
            try (SendRight right = ports.get(members / 2).makeSend()) {
                return pairs(count, set, right);
            }
        } finally {
            ports.forEach(ReceiveRight::close);
        }
    }

    private static String pairs(int count, MessageSource source, SendRight right)
            throws MachException, InterruptedException {
        ByteBuffer body = ByteBuffer.allocateDirect(MessageSender.BODY_SIZE);
        try (ReceiveBuffer buffer = ReceiveBuffer.ofSize(MESSAGE_SIZE)) {
            return measure(count, () -> {
                try (OutgoingMessage message =
                        OutgoingMessage.builder().body(body).build()) {
                    message.sendTo(right);
                }
                buffer.receiveFrom(source);
            });
        }
    }

    private interface Call {
        void run() throws MachException, InterruptedException;
    }

    private static String measure(int count, Call call) throws MachException, InterruptedException {
        long allocated = Allocation.bytes();
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++) {
            call.run();
        }
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
        return (double) (Allocation.bytes() - allocated) / count + " " + (double) nanos / count;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import com.sun.management.OperatingSystemMXBean;
import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.MachException;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * The publishing process of the hand-off benchmark: {@code NAME WIDTH HEIGHT TOUCH}. Reads {@link Round}s, and answers each
 * with the bytes it allocated, the nanoseconds it took, and those of
 * processor time.
 */
final class HandoffPublisher {
    /** The time stamp of a round's last frame. */
    static final long LAST = -1;

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final FrameServer server;
    private final ReceiveRight acknowledgements;
    private final boolean touch;

    private HandoffPublisher(FrameServer server, ReceiveRight acknowledgements, boolean touch) {
        this.server = server;
        this.acknowledgements = acknowledgements;
        this.touch = touch;
    }

    static String acknowledgements(String stream) {
        return "machframe.bench." + stream;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        FrameFormat format =
                FrameFormat.of(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), PixelFormat.BGRA);
        try (FrameServer server = FrameServer.open(arguments[0], format);
                ReceiveRight acknowledgements = Bootstrap.checkIn(acknowledgements(arguments[0]))) {
            HandoffPublisher publisher =
                    new HandoffPublisher(server, acknowledgements, Boolean.parseBoolean(arguments[3]));
            System.out.println("ready");
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                Round round = Round.parse(line);
                long allocated = Allocation.bytes();
                long processor = PROCESS.getProcessCpuTime();
                long nanos = publisher.run(round);
                processor = PROCESS.getProcessCpuTime() - processor;
                System.out.println((Allocation.bytes() - allocated) + " " + nanos + " " + processor);
            }
        }
    }

    private long run(Round round) throws MachException, InterruptedException {
        long start = System.nanoTime();
        for (int i = 0; i < round.frames(); i++) {
            round.awaitTurn(start, i);
            publish(i, i == round.frames() - 1 ? LAST : i);
            if (round.mode() == Mode.PING_PONG) {
                ReceivedMessage.receiveFrom(acknowledgements).close();
            }
        }
        return System.nanoTime() - start;
    }

    private void publish(int value, long pts) throws MachException, InterruptedException {
        try (FrameDraft draft = server.acquire()) {
            if (touch) {
                Pages.write(draft.surface(), value);
            }
            draft.publish(pts);
        }
    }
}

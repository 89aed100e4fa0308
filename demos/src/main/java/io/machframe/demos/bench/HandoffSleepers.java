/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.core.error.MachException;
import io.machframe.surface.stream.Frame;
import io.machframe.surface.stream.FrameClient;
import java.io.IOException;

/** Further clients of a publisher of the hand-off benchmark, {@code NAME COUNT}: each sleeps until a frame comes. */
final class HandoffSleepers {
    private HandoffSleepers() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            FrameClient client = FrameClient.connect(arguments[0]);
            Thread thread = new Thread(() -> receive(client), "sleeper");
            thread.setDaemon(true);
            thread.start();
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // until the benchmark closes it
        }
    }

    private static void receive(FrameClient client) {
        try (client) {
            while (client.end().isEmpty()) {
                Frame frame = client.receive();
                if (frame != null) {
                    frame.close();
                }
            }
        } catch (MachException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package example;

import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.FrameClient;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;

public class Colours {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) { // any argument: publish
            var format = FrameFormat.of(640, 360, PixelFormat.BGRA);
            try (var server = FrameServer.open("colours", format)) {
                for (int i = 0; i < 10_000; i++, Thread.sleep(16)) {
                    try (var draft = server.acquire()) { // a surface nobody reads
                        try (var lock = draft.lock()) {
                            for (var pixels = lock.plane(0).bytes().asIntBuffer(); pixels.hasRemaining(); ) {
                                pixels.put(0xff000000 | i);
                            }
                        }
                        draft.publish();
                    }
                }
            }
        } else { // in another process: the same memory
            try (var client = FrameClient.connect("colours");
                    var frame = client.receive(); // null once the stream is over
                    var lock = frame.lock()) {
                int pixel = lock.plane(0).bytes().getInt(0);
                System.out.printf("frame %d: %08x%n", frame.sequence(), pixel);
            }
        }
    }
}

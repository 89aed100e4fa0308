/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.core.testing.ChildProcess;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameServer;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Scanner;

/** Another process that draws the pattern of {@link Scene} by OpenGL into the frames of a stream, as it is told. */
final class RendererPeer implements AutoCloseable {
    private final ChildProcess process;

    private RendererPeer(ChildProcess process) {
        this.process = process;
    }

    /** Starts it, and its stream. */
    static RendererPeer start(String name, FrameFormat format, GlPath path, boolean clientsMayWrite)
            throws IOException {
        ChildProcess process = ChildProcess.start(
                List.of(),
                Main.class,
                name,
                Integer.toString(format.width()),
                Integer.toString(format.height()),
                format.pixelFormat().toString(),
                path.toString(),
                Boolean.toString(clientsMayWrite));
        RendererPeer peer = new RendererPeer(process);
        if (!process.readLine().equals("open")) {
            throw new IOException("the peer did not open");
        }
        return peer;
    }

    /** Has it draw the pattern, and returns by which path it did. */
    GlPath draw(int shift) throws IOException {
        process.writeLine(Integer.toString(shift));
        return GlPath.valueOf(process.readLine());
    }

    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }

    /** The peer's program. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) throws Exception {
            FrameFormat format = FrameFormat.of(
                    Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), PixelFormat.parse(arguments[3]));
            FrameServer.Builder builder = FrameServer.builder(arguments[0]).format(format);
            if (Boolean.parseBoolean(arguments[5])) {
                builder.clientsMayWrite();
            }
            try (HeadlessGl context = HeadlessGl.openSoftware(); // current, closed last
                    FrameServer server = builder.open();
                    Scanner commands = new Scanner(System.in, java.nio.charset.StandardCharsets.UTF_8);
                    Scene scene = new Scene()) {
                GlInterop gl = GlInterop.ofCurrentContext(EnumSet.of(GlPath.valueOf(arguments[4])));
                try (GlFrameTargets targets = new GlFrameTargets(gl)) {
                    System.out.println("open");
                    while (commands.hasNextInt()) {
                        try (FrameDraft draft = server.acquire()) {
                            GlSurfaceTarget target = targets.begin(draft);
                            scene.draw(target, commands.nextInt());
                            draft.publish();
                            System.out.println(target.path());
                        }
                    }
                }
            }
        }
    }
}

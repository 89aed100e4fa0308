/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.play;

import io.machframe.demos.process.Progress;
import io.machframe.surface.ffmpeg.ClipMaker;
import io.machframe.surface.ffmpeg.ClipSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** The clip that is played if the user names none. Made on first use, and kept. */
final class DefaultClip {
    private DefaultClip() {}

    static Path in(Path directory, PrintWriter messages, Progress progress) throws IOException {
        Path clip = directory.resolve("clip").resolve("demo.mp4");
        if (!Files.exists(clip)) {
            int frames = ClipSpec.DEMO.frames();
            messages.println("Making a test clip of " + frames + " frames, once: " + clip);
            ClipMaker.make(clip, ClipSpec.DEMO, done -> progress.tell(() -> done + " of " + frames + " frames"));
        }
        return clip;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import io.machframe.surface.ffmpeg.ClipMaker;
import io.machframe.surface.ffmpeg.ClipSpec;
import java.io.IOException;
import java.nio.file.Path;

/** Clips for tests. */
final class Clips {
    private Clips() {}

    /** Makes an H.264 clip of 30 frames a second. */
    static Path small(Path directory, int frames) throws IOException {
        return make(directory.resolve("small-" + frames + ".mp4"), ClipSpec.h264(320, 180, frames, 30));
    }

    /** Makes a clip of any size. */
    static Path sized(Path directory, int width, int height, int frames) throws IOException {
        return make(directory.resolve(width + "x" + height + ".mkv"), ClipSpec.lossless(width, height, frames, 30));
    }

    private static Path make(Path file, ClipSpec spec) throws IOException {
        ClipMaker.makeOnce(file, spec, frames -> {});
        return file;
    }
}

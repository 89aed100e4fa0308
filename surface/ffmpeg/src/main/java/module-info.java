/* SPDX-License-Identifier: Apache-2.0 */

/** Video files decoded into surfaces by FFmpeg. */
module io.machframe.surface.ffmpeg {
    requires static transitive org.jspecify;
    requires transitive io.machframe.surface;
    requires org.bytedeco.ffmpeg;
    requires org.bytedeco.javacpp;

    exports io.machframe.surface.ffmpeg;
}

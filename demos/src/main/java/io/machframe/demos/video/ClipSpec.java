/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.video;

/**
 * What a made clip is like.
 *
 * @param width in pixels; H.264 wants it even
 * @param height in pixels; H.264 wants it even
 * @param frames how many pictures
 * @param frameRate in frames per second
 * @param encoder FFmpeg's name of the encoder
 * @param pixelFormat FFmpeg's name of how the encoder is given the pictures
 * @param container FFmpeg's name of the file format
 */
public record ClipSpec(
        int width, int height, int frames, int frameRate, String encoder, String pixelFormat, String container) {
    /** The clip that the demos play if they are given none: 720p, ten seconds. */
    public static final ClipSpec DEMO = h264(1280, 720, 300, 30);

    /** Returns a clip in H.264 in MP4. */
    public static ClipSpec h264(int width, int height, int frames, int frameRate) {
        return new ClipSpec(width, height, frames, frameRate, "libopenh264", "yuv420p", "mp4");
    }

    /** Returns a clip of any size whatever, without loss in FFV1 in Matroska. */
    public static ClipSpec lossless(int width, int height, int frames, int frameRate) {
        return new ClipSpec(width, height, frames, frameRate, "ffv1", "yuv420p", "matroska");
    }

    /** Returns the same clip with pictures of another kind, which the encoder must know. */
    public ClipSpec withPixelFormat(String other) {
        return new ClipSpec(width, height, frames, frameRate, encoder, other, container);
    }

    /** Returns the same clip in another kind of file. */
    public ClipSpec withContainer(String other) {
        return new ClipSpec(width, height, frames, frameRate, encoder, pixelFormat, other);
    }

    /** Returns the same clip by another encoder. */
    public ClipSpec withEncoder(String other) {
        return new ClipSpec(width, height, frames, frameRate, other, pixelFormat, container);
    }
}

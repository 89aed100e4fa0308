/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

/**
 * What a made clip is like.
 *
 * @param width in pixels
 * @param height in pixels
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

    /** Checks that there is something to make. */
    public ClipSpec {
        if (width < 1 || height < 1 || frames < 1 || frameRate < 1) {
            throw new IllegalArgumentException(
                    "a clip of " + frames + " frames of " + width + "x" + height + " at " + frameRate + " fps");
        }
    }

    /** Returns a clip in H.264 in MP4, of even width and height. */
    public static ClipSpec h264(int width, int height, int frames, int frameRate) {
        if ((width | height) % 2 != 0) {
            throw new IllegalArgumentException(width + "x" + height + " is odd, which H.264 cannot be");
        }
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

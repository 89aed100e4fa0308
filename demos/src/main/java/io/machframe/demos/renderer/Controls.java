/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.renderer;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What the user interface wants to see; all that a renderer needs to go on where another one was.
 *
 * @param yaw turned about the vertical axis, radians
 * @param pitch turned about the horizontal axis, radians, at most a quarter turn each way
 * @param distance of the eye, 1.5 to 20
 * @param phase of the model's own turning at {@code epochNanos}, radians
 * @param speed of that turning, radians a second, at most 10 each way
 * @param epochNanos a moment on the clock of {@link System#nanoTime}, which the processes of a machine share
 * @param width of the picture, pixels, 16 to 4096
 * @param height of the picture, pixels, 16 to 4096
 */
record Controls(
        double yaw, double pitch, double distance, double phase, double speed, long epochNanos, int width, int height) {
    private static final double NEAREST = 1.5;
    private static final double FARTHEST = 20;
    private static final double FASTEST = 10;
    private static final int SMALLEST = 16;
    private static final int LARGEST = 4096;
    private static final int BYTES = 5 * Double.BYTES + Long.BYTES + 2 * Integer.BYTES;
    private static final double NANOS_PER_SECOND = 1e9;

    Controls {
        if (!Double.isFinite(yaw) || !Double.isFinite(phase)) {
            throw new IllegalArgumentException("angles must be finite, not " + yaw + ", " + phase);
        }
        pitch = clamp("pitch", pitch, -Math.PI / 2, Math.PI / 2);
        distance = clamp("distance", distance, NEAREST, FARTHEST);
        speed = clamp("speed", speed, -FASTEST, FASTEST);
        width = Math.max(SMALLEST, Math.min(LARGEST, width));
        height = Math.max(SMALLEST, Math.min(LARGEST, height));
    }

    private static double clamp(String what, double value, double least, double most) {
        if (Double.isNaN(value)) {
            throw new IllegalArgumentException(what + " is not a number");
        }
        return Math.max(least, Math.min(most, value));
    }

    /** Returns what is shown at first. */
    static Controls first(int width, int height) {
        return new Controls(0.5, 0.4, 4, 0, 0.6, System.nanoTime(), width, height);
    }

    /** Returns how far the model has turned by itself at a moment. */
    double phaseAt(long nanos) {
        return phase + (nanos - epochNanos) / NANOS_PER_SECOND * speed;
    }

    Controls turned(double right, double down) {
        return new Controls(yaw + right, pitch + down, distance, phase, speed, epochNanos, width, height);
    }

    Controls zoomed(double factor) {
        return new Controls(yaw, pitch, distance * factor, phase, speed, epochNanos, width, height);
    }

    /** Returns these with another speed from now on. */
    Controls withSpeed(double other) {
        long now = System.nanoTime();
        return new Controls(yaw, pitch, distance, phaseAt(now), other, now, width, height);
    }

    Controls withSize(int otherWidth, int otherHeight) {
        return new Controls(yaw, pitch, distance, phase, speed, epochNanos, otherWidth, otherHeight);
    }

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putDouble(yaw)
                .putDouble(pitch)
                .putDouble(distance)
                .putDouble(phase)
                .putDouble(speed)
                .putLong(epochNanos)
                .putInt(width)
                .putInt(height)
                .array();
    }

    /** Reads what {@link #encode} wrote; empty if another program sent something else. */
    static Optional<Controls> decode(byte[] message) {
        ByteBuffer bytes = ByteBuffer.wrap(message);
        if (message.length != BYTES) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Controls(
                    bytes.getDouble(),
                    bytes.getDouble(),
                    bytes.getDouble(),
                    bytes.getDouble(),
                    bytes.getDouble(),
                    bytes.getLong(),
                    bytes.getInt(),
                    bytes.getInt()));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

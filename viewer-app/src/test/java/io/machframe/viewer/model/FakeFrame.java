/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntBinaryOperator;

/** A frame in memory of this process that remembers whether it was closed. */
public final class FakeFrame implements ReceivedFrame {
    private static final int PADDING = 0xffff00ff;

    private final int width;
    private final int height;
    private final String format;
    private final List<ByteBuffer> planes;
    private final List<Integer> bytesPerRow;
    private final long sequence;
    private final long publishedNanos;
    private final AtomicBoolean closed = new AtomicBoolean();

    private FakeFrame(
            int width,
            int height,
            String format,
            List<ByteBuffer> planes,
            List<Integer> bytesPerRow,
            long sequence,
            long publishedNanos) {
        this.width = width;
        this.height = height;
        this.format = format;
        this.planes = planes;
        this.bytesPerRow = bytesPerRow;
        this.sequence = sequence;
        this.publishedNanos = publishedNanos;
    }

    /** A frame whose pixel at x, y is {@code 0xAARRGGBB} as the function tells; the padding of its rows is magenta. */
    public static FakeFrame bgra(int width, int height, IntBinaryOperator colour) {
        return bgra(width, height, align(4 * width), colour);
    }

    /** A BGRA frame with rows of the given length. */
    public static FakeFrame bgra(int width, int height, int bytesPerRow, IntBinaryOperator colour) {
        ByteBuffer plane = ByteBuffer.allocateDirect(bytesPerRow * height).order(ByteOrder.LITTLE_ENDIAN);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < bytesPerRow / 4; x++) {
                plane.putInt(y * bytesPerRow + 4 * x, x < width ? colour.applyAsInt(x, y) : PADDING);
            }
        }
        return new FakeFrame(width, height, "BGRA", List.of(plane), List.of(bytesPerRow), 0, System.nanoTime());
    }

    /** An NV12 frame of one colour. */
    public static FakeFrame nv12(String format, int width, int height, int y, int cb, int cr) {
        int lumaStep = align(width);
        int chromaStep = align((width + 1) / 2 * 2);
        ByteBuffer luma = ByteBuffer.allocateDirect(lumaStep * height);
        ByteBuffer chroma = ByteBuffer.allocateDirect(chromaStep * ((height + 1) / 2));
        while (luma.hasRemaining()) {
            luma.put((byte) y);
        }
        while (chroma.hasRemaining()) {
            chroma.put((byte) cb).put((byte) cr);
        }
        List<ByteBuffer> planes = List.of(luma.flip(), chroma.flip());
        return new FakeFrame(width, height, format, planes, List.of(lumaStep, chromaStep), 0, System.nanoTime());
    }

    /** A later frame in the same memory. */
    public FakeFrame next(long nextSequence) {
        return published(nextSequence, System.nanoTime());
    }

    FakeFrame published(long nextSequence, long nanos) {
        return new FakeFrame(width, height, format, planes, bytesPerRow, nextSequence, nanos);
    }

    /** Writes one colour over a BGRA frame. */
    public void fill(int colour) {
        ByteBuffer plane = planes.get(0);
        for (int at = 0; at < plane.capacity(); at += 4) {
            plane.putInt(at, colour);
        }
    }

    /** Whether the frame has been given back. */
    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public Object memory() {
        return planes;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public String format() {
        return format;
    }

    @Override
    public int bytesPerRow(int plane) {
        return bytesPerRow.get(plane);
    }

    @Override
    public ByteBuffer plane(int plane) {
        return planes.get(plane).asReadOnlyBuffer();
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long publishedNanos() {
        return publishedNanos;
    }

    @Override
    public void close() {
        closed.set(true);
    }

    private static int align(int bytes) {
        return (bytes + 63) / 64 * 64;
    }
}

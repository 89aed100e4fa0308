/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import io.machframe.core.error.MachException;
import io.machframe.surface.IOSurface;
import io.machframe.surface.PlaneBuffer;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.FrameDraft;
import io.machframe.surface.stream.FrameFormat;
import io.machframe.surface.stream.FrameInfo;
import io.machframe.surface.stream.FrameServer;
import io.machframe.surface.stream.StreamClient;
import java.nio.ByteBuffer;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/** A stream that a test publishes. The padding of its rows is magenta. */
public final class TestStream implements AutoCloseable {
    private static final int PADDING = 0xffff00ff;

    private final FrameServer server;
    private long frames;
    private @Nullable FrameInfo info;

    private TestStream(FrameServer server) {
        this.server = server;
    }

    /** Publishes a name. */
    public static TestStream open(String name, int width, int height, PixelFormat format) {
        return open(name, width, height, format, FrameInfo.DEFAULT);
    }

    /** Publishes a name; all frames are to be shown in the same way. */
    public static TestStream open(String name, int width, int height, PixelFormat format, FrameInfo info) {
        try {
            return new TestStream(FrameServer.builder(name)
                    .format(FrameFormat.of(width, height, format))
                    .info(info)
                    .open());
        } catch (MachException e) {
            throw new AssertionError(e);
        }
    }

    /** Says how frames from now on are to be shown. */
    public void info(FrameInfo ofFrames) {
        info = ofFrames;
    }

    /** Sends a BGRA frame whose pixel at x, y is {@code 0xAARRGGBB} as the function tells. Returns the memory it lies in. */
    public IOSurface publish(IntBinaryOperator colour) {
        return paint(lock -> {
            PlaneBuffer pixels = lock.plane(0);
            int step = pixels.bytesPerRow();
            for (int y = 0; y < pixels.height(); y++) {
                for (int x = 0; x < step / 4; x++) {
                    pixels.bytes().putInt(y * step + 4 * x, x < pixels.width() ? colour.applyAsInt(x, y) : PADDING);
                }
            }
        });
    }

    /** Sends a BGRA frame of one colour. */
    public IOSurface publish(int colour) {
        return publish((x, y) -> colour);
    }

    /** Sends an NV12 frame of one colour. */
    public IOSurface publish(int y, int cb, int cr) {
        return paint(lock -> {
            fill(lock.plane(0).bytes(), y, y);
            fill(lock.plane(1).bytes(), cb, cr);
        });
    }

    private static void fill(ByteBuffer bytes, int even, int odd) {
        for (int at = 0; at < bytes.capacity(); at++) {
            bytes.put(at, (byte) (at % 2 == 0 ? even : odd));
        }
    }

    private interface Painter {
        void paint(SurfaceLock lock);
    }

    private IOSurface paint(Painter painter) {
        try (FrameDraft draft = server.acquire()) {
            if (info != null) {
                draft.info(info);
            }
            try (SurfaceLock lock = draft.lock()) {
                painter.paint(lock);
            }
            draft.publish(frames++);
            return (IOSurface) draft.surface(); // to ask who uses it
        } catch (MachException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the number of clients. */
    public int clients() {
        return server.statistics().clients().size();
    }

    /** Returns how many surfaces clients hold. */
    public int held() {
        return server.statistics().clients().stream()
                .mapToInt(StreamClient::held)
                .sum();
    }

    /** Ends the stream. */
    @Override
    public void close() {
        server.close();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameScalerTest {
    private static final byte GUARD = (byte) 0xA5;
    private static final int GUARD_BYTES = 512;

    private FrameScaler scaler;

    @BeforeEach
    void open() throws Exception {
        scaler = FrameScaler.open();
    }

    @AfterEach
    void close() {
        scaler.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "nv12", "rgb24", "bgra", "gray", "gbrp"})
    void whatIsWrittenDoesNotDependOnTheMemoryAndStaysInsideIt(String format) {
        int[] widths = IntStream.concat(IntStream.rangeClosed(1, 70), IntStream.of(641, 1366, 1921))
                .toArray();
        for (int width : widths) {
            for (int height : new int[] {1, 2, 5}) {
                checkAllMemories(noise(format, width, height), width, height);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"yuv420p", "rgb24"})
    void scalingDoesNotDependOnTheMemoryAndStaysInsideIt(String format) {
        for (int width = 1; width <= 70; width++) {
            checkAllMemories(noise(format, width + 13, 9), width, 5);
            checkAllMemories(noise(format, Math.max(1, width / 2), 3), width, 7);
        }
    }

    @Test
    void videoRangeBecomesFullRangeInBgra() {
        assertEquals(List.of(0, 0, 0, 255), bgra(solid("yuv420p", 4, 4, 16, 128, 128)));
        assertEquals(List.of(255, 255, 255, 255), bgra(solid("yuv420p", 4, 4, 235, 128, 128)));
    }

    @Test
    void fullRangeStaysFullRangeInBgra() {
        assertEquals(List.of(0, 0, 0, 255), bgra(fullRange(solid("yuv420p", 4, 4, 0, 128, 128))));
        assertEquals(List.of(255, 255, 255, 255), bgra(fullRange(solid("yuv420p", 4, 4, 255, 128, 128))));
    }

    @ParameterizedTest
    @CsvSource({"false,16,235,NV12_VIDEO", "false,0,255,NV12_FULL", "true,16,235,NV12_VIDEO", "true,0,255,NV12_FULL"})
    void eachNv12HasItsOwnRange(boolean full, int black, int white, PixelLayout layout) {
        int sourceBlack = full ? 0 : 16;
        int sourceWhite = full ? 255 : 235;
        for (int width : new int[] {2, 64}) {
            DecodedFrame dark = solid("yuv420p", width, 4, sourceBlack, 128, 128);
            DecodedFrame light = solid("yuv420p", width, 4, sourceWhite, 128, 128);
            assertEquals(black, lumaOf(full ? fullRange(dark) : dark, layout));
            assertEquals(white, lumaOf(full ? fullRange(light) : light, layout));
        }
    }

    @Test
    void theColourMatrixThatTheFileTellsIsUsed() {
        assertRed(tagged(solid("yuv420p", 4, 4, 63, 102, 240), avutil.AVCOL_SPC_BT709));
        assertRed(tagged(solid("yuv420p", 4, 1080, 81, 90, 240), avutil.AVCOL_SPC_SMPTE170M));
    }

    @Test
    void aFileThatTellsNoColourMatrixHasTheUsualOneOfItsHeight() {
        assertRed(solid("yuv420p", 4, 576, 81, 90, 240));
        assertRed(solid("yuv420p", 4, 720, 63, 102, 240));
    }

    @Test
    void transparentSourcesBecomeOpaque() {
        assertEquals(List.of(128, 128, 128, 255), bgra(solid("bgra", 4, 4, 128)));
        assertEquals(List.of(255, 255, 255, 255), bgra(solid("yuva420p", 4, 4, 235, 128, 128, 0)));
    }

    @Test
    void chromaIsInterleaved() {
        Picture picture = Picture.allocate(PixelLayout.NV12_VIDEO, 3, 3);
        scaler.draw(solid("yuv420p", 3, 3, 50, 60, 70), picture);
        for (int row = 0; row < 2; row++) {
            for (int x = 0; x < 4; x += 2) {
                assertEquals(60, picture.plane(1).get(row * picture.stride(1) + x));
                assertEquals(70, picture.plane(1).get(row * picture.stride(1) + x + 1));
            }
        }
    }

    @Test
    void oneScalerServesChangingSourcesAndTargets() {
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of(255, 255, 255, 255), bgra(solid("yuv420p", 16 + i, 8, 235, 128, 128)));
            assertEquals(235, lumaOf(solid("yuv444p", 16, 9, 235, 128, 128), PixelLayout.NV12_VIDEO));
        }
    }

    @Test
    void aClosedScalerRefusesToDraw() {
        scaler.close();
        scaler.close();
        DecodedFrame frame = solid("gray", 1, 1, 0);
        Picture picture = Picture.allocate(PixelLayout.BGRA, 1, 1);
        assertThrows(IllegalStateException.class, () -> scaler.draw(frame, picture));
    }

    @Test
    void aFrameCostsNextToNoGarbage(@TempDir Path directory) throws Exception {
        Path clip = directory.resolve("clip");
        ClipMaker.make(clip, ClipSpec.lossless(64, 64, 1100, 30), frames -> {});
        Picture picture = Picture.allocate(PixelLayout.NV12_VIDEO, 64, 64);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (VideoReader reader = VideoReader.open(clip)) {
            drawFrames(reader, picture, 100);
            long before = threads.getCurrentThreadAllocatedBytes();
            drawFrames(reader, picture, 1000);
            long perFrame = (threads.getCurrentThreadAllocatedBytes() - before) / 1000;
            assertTrue(perFrame < 200, perFrame + " bytes for a frame");
        }
    }

    private void drawFrames(VideoReader reader, Picture picture, int count) throws VideoException {
        for (int i = 0; i < count; i++) {
            assertTrue(reader.next());
            scaler.draw(reader, picture);
        }
    }

    private void checkAllMemories(DecodedFrame source, int width, int height) {
        for (PixelLayout layout : new PixelLayout[] {PixelLayout.BGRA, PixelLayout.NV12_VIDEO}) {
            Picture reference = Picture.allocate(layout, width, height);
            scaler.draw(source, reference);
            long expected = new FrameHash().of(reference);
            for (int[] memory : new int[][] {{64, 0}, {128, 0}, {64, 16}, {64, 5}, {16, 0}, {1, 0}, {1, 3}}) {
                Guarded guarded = new Guarded(layout, width, height, memory[0], memory[1]);
                scaler.draw(source, guarded.picture);
                String what = layout + " " + width + "x" + height + ", rows of " + memory[0] + ", off by " + memory[1];
                assertEquals(expected, new FrameHash().of(guarded.picture), what);
                guarded.check(what);
            }
        }
        source.close();
    }

    private List<Integer> bgra(DecodedFrame source) {
        Picture picture = Picture.allocate(PixelLayout.BGRA, source.width(), source.height());
        scaler.draw(source, picture);
        int last = (source.height() - 1) * picture.stride(0) + 4 * (source.width() - 1);
        List<Integer> values = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            values.add(picture.plane(0).get(last + i) & 0xFF);
        }
        source.close();
        return values;
    }

    private int lumaOf(DecodedFrame source, PixelLayout layout) {
        Picture picture = Picture.allocate(layout, source.width(), source.height());
        scaler.draw(source, picture);
        source.close();
        return picture.plane(0).get(0) & 0xFF;
    }

    private void assertRed(DecodedFrame source) {
        List<Integer> values = bgra(source);
        assertEquals(0, values.get(0), 4);
        assertEquals(0, values.get(1), 4);
        assertEquals(255, values.get(2), 4);
    }

    private static DecodedFrame noise(String format, int width, int height) {
        DecodedFrame frame = empty(format, width, height);
        Random random = new Random(width * 31L + height);
        for (int plane = 0; plane < planes(frame); plane++) {
            byte[] bytes = new byte[size(frame, plane)];
            random.nextBytes(bytes);
            frame.frame().data(plane).put(bytes);
        }
        return frame;
    }

    private static DecodedFrame solid(String format, int width, int height, int... values) {
        DecodedFrame frame = empty(format, width, height);
        for (int plane = 0; plane < planes(frame); plane++) {
            byte[] bytes = new byte[size(frame, plane)];
            Arrays.fill(bytes, (byte) values[plane]);
            frame.frame().data(plane).put(bytes);
        }
        return frame;
    }

    private static DecodedFrame fullRange(DecodedFrame frame) {
        frame.frame().color_range(avutil.AVCOL_RANGE_JPEG);
        return frame;
    }

    private static DecodedFrame tagged(DecodedFrame frame, int colorSpace) {
        frame.frame().colorspace(colorSpace);
        return frame;
    }

    private static DecodedFrame empty(String format, int width, int height) {
        DecodedFrame decoded = new DecodedFrame();
        AVFrame frame = decoded.frame();
        frame.format(avutil.av_get_pix_fmt(format)).width(width).height(height);
        assertEquals(0, avutil.av_frame_get_buffer(frame, 0));
        return decoded;
    }

    private static int planes(DecodedFrame frame) {
        return avutil.av_pix_fmt_count_planes(frame.format());
    }

    private static int size(DecodedFrame frame, int plane) {
        int shift = avutil.av_pix_fmt_desc_get(frame.format()).log2_chroma_h();
        boolean chroma = plane == 1 || plane == 2;
        int rows = chroma ? -(-frame.height() >> shift) : frame.height();
        return rows * frame.frame().linesize(plane);
    }

    /** A picture with known bytes before and after each plane. */
    private static final class Guarded {
        private final List<ByteBuffer> memories = new ArrayList<>();
        private final List<Integer> sizes = new ArrayList<>();
        private final int start;
        private final Picture picture;

        Guarded(PixelLayout layout, int width, int height, int rowAlignment, int offset) {
            start = GUARD_BYTES + offset;
            int[] strides = new int[layout.planeCount()];
            for (int i = 0; i < strides.length; i++) {
                int rowBytes = layout.rowBytes(i, width);
                strides[i] = (rowBytes + rowAlignment - 1) / rowAlignment * rowAlignment;
                add(strides[i] * layout.rows(i, height));
            }
            picture = strides.length == 1
                    ? Picture.of(layout, width, height, plane(0), strides[0])
                    : Picture.of(layout, width, height, plane(0), strides[0], plane(1), strides[1]);
        }

        private void add(int size) {
            ByteBuffer memory =
                    ByteBuffer.allocateDirect(start + size + GUARD_BYTES + 64).alignedSlice(64);
            for (int i = 0; i < memory.capacity(); i++) {
                memory.put(i, GUARD);
            }
            memories.add(memory);
            sizes.add(size);
        }

        private ByteBuffer plane(int plane) {
            return memories.get(plane).slice(start, sizes.get(plane));
        }

        void check(String what) {
            for (int plane = 0; plane < memories.size(); plane++) {
                ByteBuffer memory = memories.get(plane);
                for (int i = 0; i < memory.capacity(); i++) {
                    if (i < start || i >= start + sizes.get(plane)) {
                        assertEquals(GUARD, memory.get(i), what + ": byte " + (i - start) + " of plane " + plane);
                    }
                }
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.machframe.core.platform.linux.memory.HostileMemory;
import io.machframe.surface.IOSurface;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.Dialect;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.LayoutPolicy;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceProperties;
import java.util.List;
import java.util.Random;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue of pixel formats against FFmpeg's, for every format that both have. */
@Timeout(60)
final class FormatAgreementTest {
    private static final int[][] SIZES = {{1, 1}, {2, 2}, {3, 5}, {640, 360}, {641, 359}, {1366, 768}, {1921, 17}};

    private static final long SEED = 20250107;
    private static final int MOST = 8192;

    static List<FormatDescription> shared() {
        return PixelFormat.known().stream()
                .map(format -> format.description().orElseThrow())
                .filter(format -> format.name(Dialect.FFMPEG).isPresent())
                .toList();
    }

    private static int pixelFormat(FormatDescription format) {
        String name = format.name(Dialect.FFMPEG).orElseThrow();
        int number = avutil.av_get_pix_fmt(name);
        assertNotEquals(avutil.AV_PIX_FMT_NONE, number, () -> "FFmpeg has no " + name);
        return number;
    }

    @ParameterizedTest
    @MethodSource("shared")
    void rowsAndSizesWithoutPaddingAreThoseOfFFmpeg(FormatDescription format) throws Exception {
        int number = pixelFormat(format);
        for (int[] size : SIZES) {
            int width = size[0];
            int height = size[1];
            SurfaceProperties properties = SurfaceProperties.unspecified()
                    .withWidth(width)
                    .withHeight(height)
                    .withPixelFormat(format.format())
                    .withLayoutPolicy(LayoutPolicy.TIGHT);
            try (IOSurface surface = IOSurface.create(properties)) {
                List<Plane> planes = surface.planes();
                for (int i = 0; i < planes.size(); i++) {
                    assertEquals(
                            avutil.av_image_get_linesize(number, width, i),
                            planes.get(i).bytesPerRow());
                }
                assertEquals(
                        avutil.av_image_get_buffer_size(number, width, height, 1),
                        surface.layout().allocSize());
            }
        }
    }

    /**
     * Any size up to 8192 on each side. FFmpeg only reckons with the address it is given, and the memory is sparse and may only be read, so that none of it is really there.
     */
    @ParameterizedTest
    @MethodSource("shared")
    @EnabledOnOs(value = OS.LINUX, disabledReason = "surfaces in memory of others are Linux")
    void planesOfAnySizeAreWhereFFmpegPutsThem(FormatDescription format) throws Exception {
        int number = pixelFormat(format);
        Random random = new Random(SEED);
        int memory = HostileMemory.sealed(1L << 33);
        int readOnly = HostileMemory.again(memory, 0);
        try (PointerPointer<BytePointer> data = new PointerPointer<>(4);
                IntPointer linesizes = new IntPointer(4);
                BytePointer start = new BytePointer(1)) {
            for (int i = 0; i < 100; i++) {
                int width = 1 + random.nextInt(MOST);
                int height = 1 + random.nextInt(MOST);
                int size = avutil.av_image_fill_arrays(data, linesizes, start, number, width, height, 1);
                SurfaceProperties properties = SurfaceProperties.unspecified()
                        .withWidth(width)
                        .withHeight(height)
                        .withPixelFormat(format.format())
                        .withLayoutPolicy(LayoutPolicy.TIGHT);
                try (IOSurface surface = IOSurface.createInMemory(readOnly, properties)) {
                    assertEquals(size, surface.layout().allocSize());
                    for (int plane = 0; plane < surface.planes().size(); plane++) {
                        assertEquals(linesizes.get(plane), surface.plane(plane).bytesPerRow());
                        assertEquals(
                                data.get(BytePointer.class, plane).address() - start.address(),
                                surface.plane(plane).offset());
                    }
                }
            }
        } finally {
            HostileMemory.close(readOnly);
            HostileMemory.close(memory);
        }
    }

    @ParameterizedTest
    @MethodSource("shared")
    void subsamplingAndAlphaAreThoseOfFFmpeg(FormatDescription format) {
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(pixelFormat(format));
        int horizontal =
                switch (format.subsampling()) {
                    case YUV_420, YUV_422 -> 1;
                    default -> 0;
                };
        int vertical =
                switch (format.subsampling()) {
                    case YUV_420 -> 1;
                    default -> 0;
                };
        assertEquals(descriptor.log2_chroma_w(), horizontal);
        assertEquals(descriptor.log2_chroma_h(), vertical);
        boolean alpha = format.planes().stream()
                .flatMap(plane -> plane.components().stream())
                .anyMatch(component -> component.name() == ComponentName.ALPHA);
        boolean ignored = format.format().equals(PixelFormat.of("l10r")); // x2rgb10le
        assertEquals((descriptor.flags() & avutil.AV_PIX_FMT_FLAG_ALPHA) != 0, alpha && !ignored);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.machframe.surface.FormatDescription;
import io.machframe.surface.IOSurface;
import io.machframe.surface.LayoutPolicy;
import io.machframe.surface.PixelFormat;
import io.machframe.surface.Plane;
import io.machframe.surface.SurfaceProperties;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.Dialect;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The catalogue of pixel formats against FFmpeg's, for every format that both have. */
@Timeout(60)
final class FormatAgreementTest {
    private static final int[][] SIZES = {{1, 1}, {2, 2}, {3, 5}, {640, 360}, {641, 359}, {1366, 768}, {1921, 17}};

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
            SurfaceProperties properties = SurfaceProperties.builder()
                    .width(width)
                    .height(height)
                    .pixelFormat(format.format())
                    .layout(LayoutPolicy.TIGHT)
                    .build();
            try (IOSurface surface = IOSurface.create(properties)) {
                List<Plane> planes = surface.planes();
                for (int i = 0; i < planes.size(); i++) {
                    assertEquals(
                            avutil.av_image_get_linesize(number, width, i),
                            planes.get(i).bytesPerRow());
                }
                assertEquals(avutil.av_image_get_buffer_size(number, width, height, 1), surface.allocSize());
            }
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

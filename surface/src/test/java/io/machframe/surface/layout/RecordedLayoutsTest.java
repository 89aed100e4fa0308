/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.IOSurface;
import io.machframe.surface.format.Dialect;
import io.machframe.surface.format.PixelFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@link LayoutPolicy#layOut} answers against what GStreamer and FFmpeg themselves answered, for every format that both
 * have. The first line of each file says how it was made.
 */
final class RecordedLayoutsTest {
    private static final int FIRST_PLANE = 4;

    @ParameterizedTest
    @CsvSource({"GSTREAMER, gstreamer-layouts.csv, GSTREAMER", "TIGHT, ffmpeg-layouts.csv, FFMPEG"})
    void picturesAreLaidOutAsTheirOwnersDo(LayoutPolicy policy, String file, Dialect dialect) throws IOException {
        int compared = 0;
        for (String line : lines(file)) {
            String[] fields = line.split(",", -1);
            int width = Integer.parseInt(fields[1]);
            int height = Integer.parseInt(fields[2]);
            List<String> planes = Arrays.asList(fields).subList(FIRST_PLANE, fields.length);
            for (PixelFormat format : formats(dialect, fields[0])) {
                SurfaceLayout layout = policy.layOut(width, height, format);
                assertEquals(Long.parseLong(fields[3]), layout.allocSize(), line);
                List<String> ours = layout.planes().stream()
                        .map(plane -> plane.offset() + ":" + plane.bytesPerRow())
                        .toList();
                assertEquals(planes, ours, format + " " + line);
                compared++;
            }
        }
        assertTrue(compared > 340, compared + " compared");
    }

    @Test
    void aSurfaceIsMadeAsItIsLaidOut() throws Exception {
        for (LayoutPolicy policy : LayoutPolicy.values()) {
            SurfaceLayout layout = policy.layOut(101, 51, PixelFormat.NV12_VIDEO);
            SurfaceProperties properties =
                    SurfaceProperties.of(101, 51, PixelFormat.NV12_VIDEO).withLayoutPolicy(policy);
            try (IOSurface surface = IOSurface.create(properties)) {
                assertEquals(layout.planes(), surface.layout().planes());
            }
        }
    }

    @Test
    void memoryForGpusHasLongRowsPlanesAtPagesAndRoomForFourRows() {
        SurfaceLayout layout = LayoutPolicy.DMA_BUF.layOut(1366, 3, PixelFormat.NV12_VIDEO);
        assertEquals(
                List.of(1536, 1536),
                layout.planes().stream().map(Plane::bytesPerRow).toList());
        assertEquals(
                List.of(0L, 8192L), layout.planes().stream().map(Plane::offset).toList());
        assertEquals(8192 + 4 * 1536, layout.allocSize());
        assertEquals(
                4 * 5632, LayoutPolicy.DMA_BUF.layOut(1366, 1, PixelFormat.BGRA).allocSize());
    }

    private static List<PixelFormat> formats(Dialect dialect, String name) {
        return PixelFormat.known().stream()
                .filter(format -> format.description()
                        .orElseThrow()
                        .names()
                        .getOrDefault(dialect, List.of())
                        .contains(name))
                .toList();
    }

    private static List<String> lines(String file) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(RecordedLayoutsTest.class.getResourceAsStream(file), file),
                StandardCharsets.UTF_8))) {
            return reader.lines().filter(line -> !line.startsWith("#")).collect(Collectors.toList());
        }
    }
}

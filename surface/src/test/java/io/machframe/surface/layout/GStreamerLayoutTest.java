/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.machframe.surface.format.Dialect;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.PixelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link LayoutPolicy#GSTREAMER} against GStreamer's own library, where it is installed, for every format that both have.
 * The fields of {@code GstVideoInfo} are read where {@code video-info.h} has them on 64 bits.
 */
final class GStreamerLayoutTest {
    private static final long SEED = 20250106;
    private static final int CASES = 300;
    private static final int MOST = 8192;

    private static final int SIZE = 24;
    private static final int OFFSETS = 72;
    private static final int STRIDES = 104;

    /** More than the structure has. */
    private static final int INFO_SIZE = 1024;

    private static NativeLibrary gstreamer;

    @BeforeAll
    static void load() {
        try {
            gstreamer = NativeLibrary.getInstance("libgstvideo-1.0.so.0");
        } catch (UnsatisfiedLinkError e) {
            Assumptions.abort("GSTREAMER: libgstvideo-1.0 is not installed");
        }
    }

    static List<FormatDescription> shared() {
        return PixelFormat.known().stream()
                .map(format -> format.description().orElseThrow())
                .filter(format -> format.name(Dialect.GSTREAMER).isPresent())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("shared")
    void stridesOffsetsAndSizesAreGStreamersOwn(FormatDescription format) {
        String name = format.name(Dialect.GSTREAMER).orElseThrow();
        int number = number(name);
        Assumptions.assumeTrue(number != 0, () -> "GSTREAMER: this version has no " + name);
        Random random = new Random(SEED);
        for (int i = 0; i < CASES; i++) {
            int width = 1 + random.nextInt(MOST);
            int height = 1 + random.nextInt(MOST);
            assertEquals(
                    theirs(number, width, height, format.planes().size()),
                    ours(format.format(), width, height),
                    () -> name + " " + width + "x" + height);
        }
    }

    /** That the library was asked at all. */
    @Test
    void theLibraryKnowsTheUsualFormats() {
        assertNotEquals(0, number("NV12"));
        assertEquals(0, number("no such format"));
        assertTrue(theirs(number("NV12"), 1921, 1081, 2).contains(3_122_652L));
    }

    private static int number(String name) {
        return gstreamer.getFunction("gst_video_format_from_string").invokeInt(new Object[] {name});
    }

    /** Size, then the offset and the stride of each plane. */
    private static List<Long> theirs(int format, int width, int height, int planes) {
        Pointer info = new Memory(INFO_SIZE);
        gstreamer.getFunction("gst_video_info_init").invokeVoid(new Object[] {info});
        Object[] arguments = {info, format, width, height};
        assertEquals(1, gstreamer.getFunction("gst_video_info_set_format").invokeInt(arguments));
        List<Long> numbers = new ArrayList<>();
        numbers.add(info.getLong(SIZE));
        for (int i = 0; i < planes; i++) {
            numbers.add(info.getLong(OFFSETS + 8L * i));
            numbers.add((long) info.getInt(STRIDES + 4L * i));
        }
        return numbers;
    }

    private static List<Long> ours(PixelFormat format, int width, int height) {
        SurfaceProperties properties = SurfaceProperties.unspecified()
                .withWidth(width)
                .withHeight(height)
                .withPixelFormat(format)
                .withLayoutPolicy(LayoutPolicy.GSTREAMER);
        SurfaceLayout layout = LayoutCalculation.layOut(properties, new Alignment(4, 1));
        List<Long> numbers = new ArrayList<>();
        numbers.add(layout.allocSize());
        for (Plane plane : layout.planes()) {
            numbers.add(plane.offset());
            numbers.add((long) plane.bytesPerRow());
        }
        return numbers;
    }
}

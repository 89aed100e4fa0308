/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.ColorPrimaries;
import io.machframe.surface.property.HdrMetadata;
import io.machframe.surface.property.TransferFunction;
import io.machframe.surface.property.YCbCrMatrix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avutil.AVContentLightMetadata;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Films and pictures as people have them: what is shown of them. */
final class FilmTest {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;

    /** Of a coding that loses a little. */
    private static final int LOSSY = 4;

    @TempDir
    private Path directory;

    @BeforeAll
    static void load() throws Exception {
        Libav.load();
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private static AVFrame tagged(AVFrame frame, int space, int transfer, int primaries) {
        return frame.colorspace(space).color_trc(transfer).color_primaries(primaries);
    }

    private static void assertColor(int red, int green, int blue, int pixel, int tolerance) {
        String text = String.format("%08x", pixel);
        assertEquals(red, pixel >> 16 & 255, tolerance, text);
        assertEquals(green, pixel >> 8 & 255, tolerance, text);
        assertEquals(blue, pixel & 255, tolerance, text);
    }

    private static Map<String, Object> attached(Shown shown) throws IOException {
        return shown.surface().attachments().all();
    }

    // --- What changes from picture to picture

    @ParameterizedTest
    @ValueSource(strings = {"BGRA", "420v", "420f", "x420"})
    void theMatrixIsThatOfEachPicture(String format) throws Exception {
        byte[] sd = Files.readAllBytes(red(avutil.AVCOL_SPC_SMPTE170M, 81, 90, 240));
        byte[] hd = Files.readAllBytes(red(avutil.AVCOL_SPC_BT709, 63, 102, 240));
        Path both = Files.write(file("both.m2v"), joined(sd, hd, sd));
        try (VideoDecoder film = VideoDecoder.open(both);
                Shown shown = new Shown(PixelFormat.of(format), WIDTH, HEIGHT)) {
            List<String> matrices = new ArrayList<>();
            while (film.next()) {
                assertColor(254, 0, 0, shown.draw(film)[WIDTH * 20 + 30], LOSSY);
                matrices.add(film.picture().matrix());
                if (!format.equals("BGRA")) {
                    assertEquals(
                            film.picture().matrix().equals("bt709")
                                    ? YCbCrMatrix.BT709.attachment()
                                    : YCbCrMatrix.BT601.attachment(),
                            attached(shown).get(YCbCrMatrix.KEY));
                }
            }
            assertEquals(List.of("smpte170m", "smpte170m", "bt709", "bt709", "smpte170m", "smpte170m"), matrices);
        }
    }

    private Path red(int space, int y, int cb, int cr) throws IOException {
        TestFilm film = new TestFilm(file("part-" + space + ".m2v"), "mpeg2video", "mpeg2video");
        film.coding(context -> context.qmin(1).qmax(1).max_b_frames(0));
        for (int i = 0; i < 2; i++) {
            AVFrame frame = Frames.flat(avutil.AV_PIX_FMT_YUV420P, WIDTH, HEIGHT, y, cb, cr);
            film.add(tagged(frame, space, avutil.AVCOL_TRC_BT709, avutil.AVCOL_PRI_BT709)
                    .color_range(avutil.AVCOL_RANGE_MPEG));
        }
        return film.write();
    }

    private static byte[] joined(byte[]... parts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            bytes.write(part);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BGRA", "420v", "x420"})
    void aPictureOfAnotherShapeKeepsItOnBlack(String format) throws Exception {
        // Three, since FFmpeg's decoder drops the one that it holds back when the size changes.
        Path wide = new TestFilm(file("wide.m2v"), "mpeg2video", "mpeg2video")
                .add(Frames.flat(avutil.AV_PIX_FMT_YUV420P, 128, 64, 235, 128, 128))
                .add(Frames.flat(avutil.AV_PIX_FMT_YUV420P, 128, 64, 235, 128, 128))
                .add(Frames.flat(avutil.AV_PIX_FMT_YUV420P, 128, 64, 235, 128, 128))
                .write();
        Path narrow = new TestFilm(file("narrow.m2v"), "mpeg2video", "mpeg2video")
                .add(Frames.flat(avutil.AV_PIX_FMT_YUV420P, 64, 128, 235, 128, 128))
                .write();
        Path both = Files.write(file("both.m2v"), joined(Files.readAllBytes(wide), Files.readAllBytes(narrow)));
        try (VideoDecoder film = VideoDecoder.open(both);
                Shown shown = new Shown(PixelFormat.of(format), 128, 64)) {
            assertEquals(128, film.info().width());
            assertTrue(film.next());
            while (film.picture().width() == 128) {
                int[] first = shown.draw(film);
                assertEquals(
                        255,
                        Arrays.stream(first).map(pixel -> pixel & 255).min().orElseThrow(),
                        LOSSY);
                assertTrue(film.next());
            }
            assertEquals(64, film.picture().width());
            assertEquals(128, film.picture().height());
            int[] second = shown.draw(film);
            for (int y = 0; y < 64; y++) { // 32 of 128 columns, in the middle
                for (int x = 0; x < 128; x++) {
                    boolean inside = x >= 48 && x < 80;
                    assertEquals(inside ? 255 : 0, second[128 * y + x] & 255, LOSSY, x + "," + y);
                }
            }
        }
    }

    // --- Times

    @Test
    void theLastPictureHasItsDuration() throws Exception {
        TestFilm film = new TestFilm(file("three.gif"), "gif", "gif").clock(100);
        for (int i = 0; i < 3; i++) {
            film.add(Frames.flat(avutil.AV_PIX_FMT_RGB8, 16, 16, i, 2 * i, i), 200L * i, 200);
        }
        try (VideoDecoder decoder = VideoDecoder.open(film.write())) {
            for (long seconds : new long[] {0, 2, 4}) {
                assertTrue(decoder.next());
                assertEquals(seconds * 1_000_000_000L, decoder.timestampNanos());
                assertEquals(2_000_000_000L, decoder.durationNanos());
            }
            assertFalse(decoder.next());
        }
    }

    @Test
    void aRepeatedStampMovesNoOtherPicture() throws Exception {
        TestFilm film = new TestFilm(file("repeats.mkv"), "matroska", "ffv1");
        for (int i = 0; i < 100; i++) {
            film.add(Frames.flat(avutil.AV_PIX_FMT_YUV420P, 16, 16, i, 128, 128), i - i / 10, 1);
        }
        assertEquals(3_600_000_000L, lastTime(film.write(), 100));
    }

    @Test
    void moreThanAThousandPicturesASecondKeepTheirTime() throws Exception {
        TestFilm film = new TestFilm(file("fast.mkv"), "matroska", "ffv1").clock(2000);
        for (int i = 0; i < 1000; i++) {
            film.add(Frames.flat(avutil.AV_PIX_FMT_YUV420P, 16, 16, i & 255, 128, 128), i, 1);
        }
        assertEquals(500.0, lastTime(film.write(), 1000) / 1e6, 1.0);
    }

    private static long lastTime(Path file, int frames) throws IOException {
        try (VideoDecoder decoder = VideoDecoder.open(file)) {
            long last = -1;
            for (int i = 0; i < frames; i++) {
                assertTrue(decoder.next());
                assertTrue(decoder.timestampNanos() > last);
                last = decoder.timestampNanos();
            }
            assertFalse(decoder.next());
            return last;
        }
    }

    // --- What is not told

    /** Column X has the value X, in as many bits as there are. */
    @ParameterizedTest
    @CsvSource({
        "gray,tiff,image2,tiff",
        "gray16le,tiff,image2,tiff",
        "gray,png,image2,png",
        "gray16be,png,image2,png",
        "gray,ffv1,matroska,mkv",
        "gray10le,ffv1,matroska,mkv",
        "gray12le,ffv1,matroska,mkv",
        "gray16le,ffv1,matroska,mkv",
        "ya8,png,image2,png",
        "gray,rawvideo,nut,nut"
    })
    void greyOfUntoldRangeIsFull(String pixels, String encoder, String container, String suffix) throws Exception {
        int format = avutil.av_get_pix_fmt(pixels);
        AVFrame frame = Frames.empty(format, 256, 16);
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(format);
        int max = (1 << descriptor.comp(0).depth()) - 1;
        for (int y = 0; y < 16; y++) {
            for (int x = 0; x < 256; x++) {
                Frames.set(frame, descriptor, 0, x, y, (int) Math.round(x / 255.0 * max));
                if (descriptor.nb_components() > 1) {
                    Frames.set(frame, descriptor, 1, x, y, max);
                }
            }
        }
        Path file = new TestFilm(file("ramp." + suffix), container, encoder)
                .add(frame)
                .write();
        for (PixelFormat target : List.of(PixelFormat.BGRA, PixelFormat.NV12_FULL, PixelFormat.P010_VIDEO)) {
            try (VideoDecoder film = VideoDecoder.open(file);
                    Shown shown = new Shown(target, 256, 16)) {
                assertTrue(film.next());
                int[] row = shown.draw(film);
                for (int x = 0; x < 256; x++) {
                    assertColor(x, x, x, row[x], target.equals(PixelFormat.BGRA) ? 0 : 1);
                }
            }
        }
    }

    @Test
    void greyThatIsToldToBeLimitedIs() throws Exception {
        AVFrame frame = Frames.flat(avutil.AV_PIX_FMT_GRAY8, 16, 16, 16).color_range(avutil.AVCOL_RANGE_MPEG);
        Path file =
                new TestFilm(file("limited.mkv"), "matroska", "ffv1").add(frame).write();
        try (VideoDecoder film = VideoDecoder.open(file);
                Shown shown = new Shown(PixelFormat.BGRA, 16, 16)) {
            assertTrue(film.next());
            assertEquals("tv", film.picture().range());
            assertColor(0, 0, 0, shown.draw(film)[0], 0);
        }
    }

    /** Each number of H.273 that FFmpeg knows, and some that it does not, is converted or refused by its name. */
    @Test
    void everyMatrixIsHandledOrRefusedByName() throws Exception {
        List<String> refused = new ArrayList<>();
        for (int space = 0; space < 22; space++) {
            AVFrame frame = Frames.flat(avutil.AV_PIX_FMT_YUV444P, 16, 16, 128, 128, 128)
                    .colorspace(space)
                    .color_primaries(avutil.AVCOL_PRI_BT709);
            ColorTags tags = ColorTags.of(frame, 1080);
            try {
                double[][] matrix = tags.toRgb();
                assertEquals(1, matrix[0][0]);
                tags.matrix();
            } catch (UnsupportedColorException e) {
                refused.add(e.getMessage().replace("colours in the matrix ", ""));
            }
            avutil.av_frame_free(frame);
        }
        assertEquals(
                List.of(
                        "bt2020c",
                        "smpte2085",
                        "chroma-derived-c",
                        "ictcp",
                        "ipt-c2",
                        "ycgco-re",
                        "ycgco-ro",
                        "number 18",
                        "number 19",
                        "number 20",
                        "number 21"),
                refused);
    }

    @Test
    void aFilmInAMatrixThatIsNotKnownIsRefusedByName() throws Exception {
        AVFrame frame =
                Frames.flat(avutil.AV_PIX_FMT_YUV420P, 16, 16, 128, 128, 128).colorspace(avutil.AVCOL_SPC_ICTCP);
        Path file =
                new TestFilm(file("ictcp.mkv"), "matroska", "ffv1").add(frame).write();
        try (VideoDecoder film = VideoDecoder.open(file);
                Shown shown = new Shown(PixelFormat.NV12_VIDEO, 16, 16)) {
            assertTrue(film.next());
            VideoException e = assertThrows(VideoException.class, () -> shown.draw(film));
            assertEquals(file + ": has colours in the matrix ictcp, which cannot be converted", e.getMessage());
        }
    }

    @Test
    void yCgCoIsConverted() throws Exception {
        // Green: Y = 1/2, Cg = 1/2, Co = 0.
        AVFrame frame = Frames.flat(avutil.AV_PIX_FMT_YUV444P, 16, 16, 128, 255, 128)
                .colorspace(avutil.AVCOL_SPC_YCGCO)
                .color_range(avutil.AVCOL_RANGE_JPEG);
        Path file =
                new TestFilm(file("ycgco.mkv"), "matroska", "ffv1").add(frame).write();
        for (PixelFormat target : List.of(PixelFormat.BGRA, PixelFormat.NV12_VIDEO)) {
            try (VideoDecoder film = VideoDecoder.open(file);
                    Shown shown = new Shown(target, 16, 16)) {
                assertTrue(film.next());
                assertColor(1, 255, 1, shown.draw(film)[0], 1);
            }
        }
    }

    /** Coded with 480 rows, shown with 640: the rule is of what was coded. */
    @ParameterizedTest
    @ValueSource(strings = {"BGRA", "420v"})
    void anUntoldFilmThatIsTurnedHasTheMatrixOfItsCodedHeight(String format) throws Exception {
        Path lying = new TestFilm(file("lying.mp4"), "mp4", "mpeg4")
                .coding(context -> context.qmin(1).qmax(1))
                .add(Frames.flat(avutil.AV_PIX_FMT_YUV420P, 640, 480, 81, 90, 240))
                .write();
        Path turned = turnedRight(lying);
        try (VideoDecoder film = VideoDecoder.open(turned);
                Shown shown = new Shown(PixelFormat.of(format), 480, 640)) {
            assertEquals(480, film.info().width());
            assertEquals(640, film.info().height());
            assertTrue(film.next());
            assertColor(254, 0, 0, shown.draw(film)[480 * 320 + 240], 1);
            if (format.equals("420v")) {
                assertEquals(YCbCrMatrix.BT601.attachment(), attached(shown).get(YCbCrMatrix.KEY));
            }
        }
    }

    private Path turnedRight(Path mp4) throws IOException {
        byte[] bytes = Files.readAllBytes(mp4);
        int at = 0;
        while (bytes[at] != 't' || bytes[at + 1] != 'k' || bytes[at + 2] != 'h' || bytes[at + 3] != 'd') {
            at++;
        }
        ByteBuffer matrix = ByteBuffer.wrap(bytes).position(at + 44);
        matrix.putInt(0).putInt(1 << 16).putInt(0).putInt(-1 << 16).putInt(0).putInt(0);
        return Files.write(file("turned.mp4"), bytes);
    }

    // --- What the container says

    @Test
    void whatTheContainerCropsIsNotShown() throws Exception {
        AVFrame frame = Frames.empty(avutil.AV_PIX_FMT_YUV420P, 320, 180);
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(avutil.AV_PIX_FMT_YUV420P);
        for (int y = 0; y < 180; y++) {
            for (int x = 0; x < 320; x++) {
                boolean shown = x >= 40 && x < 280 && y >= 20 && y < 160;
                Frames.set(frame, descriptor, 0, x, y, shown ? 235 : 16);
                Frames.set(frame, descriptor, 1, x, y, 128);
                Frames.set(frame, descriptor, 2, x, y, 128);
            }
        }
        Path file = new TestFilm(file("crop.mkv"), "matroska", "ffv1")
                .stream(stream -> {
                            Pointer memory = avutil.av_mallocz(16);
                            ByteBuffer sides = new BytePointer(memory)
                                    .capacity(16)
                                    .asByteBuffer()
                                    .order(ByteOrder.LITTLE_ENDIAN);
                            sides.putInt(20).putInt(20).putInt(40).putInt(40);
                            AVPacketSideData list = stream.codecpar().coded_side_data();
                            org.bytedeco.javacpp.IntPointer count = new org.bytedeco.javacpp.IntPointer(
                                    new int[] {stream.codecpar().nb_coded_side_data()});
                            AVPacketSideData added = avcodec.av_packet_side_data_add(
                                    list == null ? new AVPacketSideData(null) : list,
                                    count,
                                    avcodec.AV_PKT_DATA_FRAME_CROPPING,
                                    memory,
                                    16,
                                    0);
                            stream.codecpar().coded_side_data(list == null ? added : list);
                            stream.codecpar().nb_coded_side_data(count.get());
                        })
                        .add(frame)
                        .write();
        try (VideoDecoder film = VideoDecoder.open(file)) {
            assertEquals(240, film.info().width());
            assertEquals(140, film.info().height());
            assertTrue(film.next());
            assertEquals(320, film.picture().codedWidth());
            assertEquals(180, film.picture().codedHeight());
            try (Shown shown = new Shown(PixelFormat.BGRA, 240, 140)) {
                assertTrue(Arrays.stream(shown.draw(film)).allMatch(pixel -> pixel == -1));
            }
        }
    }

    @Test
    void tilesOfAHeifFileAreOnePicture() throws Exception {
        int[] lumas = {60, 110, 160, 210};
        List<Path> tiles = new ArrayList<>();
        for (int luma : lumas) {
            tiles.add(avif("tile" + luma + ".avif", 64, 64, luma));
        }
        Path grid = HeifFile.grid(file("grid.avif"), tiles, 2, 64, 64, 120, 100);
        try (VideoDecoder film = VideoDecoder.open(grid)) {
            assertEquals(120, film.info().width());
            assertEquals(100, film.info().height());
            assertTrue(film.next());
            try (Shown shown = new Shown(PixelFormat.NV12_VIDEO, 120, 100)) {
                shown.draw(film);
                try (var lock = shown.surface().lock()) {
                    ByteBuffer luma = lock.plane(0).bytes();
                    for (int y = 0; y < 100; y++) {
                        for (int x = 0; x < 120; x++) {
                            int tile = x / 64 + 2 * (y / 64);
                            int at = y * lock.plane(0).bytesPerRow() + x;
                            assertEquals(lumas[tile], luma.get(at) & 255, LOSSY, x + "," + y);
                        }
                    }
                }
            }
            assertFalse(film.next());
        }
    }

    @Test
    void theCleanApertureOfAPictureIsShown() throws Exception {
        Path whole = avif("whole.avif", 128, 96, 100);
        Path cropped = HeifFile.cropped(file("clap.avif"), whole, 128, 96, 64, 48);
        try (VideoDecoder film = VideoDecoder.open(cropped)) {
            assertEquals(64, film.info().width());
            assertEquals(48, film.info().height());
        }
    }

    private Path avif(String name, int width, int height, int luma) throws IOException {
        AVFrame frame = Frames.flat(avutil.AV_PIX_FMT_YUV420P, width, height, luma, 128, 128)
                .color_range(avutil.AVCOL_RANGE_MPEG);
        return new TestFilm(file(name), "avif", "libaom-av1").add(frame).write();
    }

    // --- High dynamic range

    /** The code of ten bits for red, green and blue of BT.709, 1 being reference white, in BT.2020 and PQ. */
    private static int[] pq(double red, double green, double blue, double nits) throws Exception {
        double[][] toWide = Chromaticities.BT709.to(Chromaticities.of(avutil.AVCOL_PRI_BT2020));
        double[] signal = new double[3];
        for (int i = 0; i < 3; i++) {
            double light = toWide[i][0] * red + toWide[i][1] * green + toWide[i][2] * blue;
            signal[i] = ToneMap.toPq(Math.max(0, light) * nits / 10_000);
        }
        double luma = 0.2627 * signal[0] + 0.678 * signal[1] + 0.0593 * signal[2];
        return new int[] {
            (int) Math.round(64 + 876 * luma),
            (int) Math.round(512 + 896 * (signal[2] - luma) / 1.8814),
            (int) Math.round(512 + 896 * (signal[0] - luma) / 1.4746)
        };
    }

    private Path pqFilm(String name, int[] code, int brightest) throws IOException {
        AVFrame frame = tagged(
                        Frames.flat(avutil.AV_PIX_FMT_YUV420P10LE, WIDTH, HEIGHT, code),
                        avutil.AVCOL_SPC_BT2020_NCL,
                        avutil.AVCOL_TRC_SMPTE2084,
                        avutil.AVCOL_PRI_BT2020)
                .color_range(avutil.AVCOL_RANGE_MPEG);
        TestFilm film = new TestFilm(file(name), "matroska", "ffv1").add(frame);
        if (brightest > 0) {
            film.stream(stream -> {
                org.bytedeco.javacpp.SizeTPointer size = new org.bytedeco.javacpp.SizeTPointer(1);
                AVContentLightMetadata light = avutil.av_content_light_metadata_alloc(size);
                light.MaxCLL(brightest).MaxFALL(100);
                org.bytedeco.javacpp.IntPointer count = new org.bytedeco.javacpp.IntPointer(new int[] {0});
                stream.codecpar()
                        .coded_side_data(avcodec.av_packet_side_data_add(
                                new AVPacketSideData(null),
                                count,
                                avcodec.AV_PKT_DATA_CONTENT_LIGHT_LEVEL,
                                light,
                                size.get(),
                                0));
                stream.codecpar().nb_coded_side_data(count.get());
            });
        }
        return film.write();
    }

    @ParameterizedTest
    @CsvSource({"1,0,0,3", "1,1,0,3", "0,1,0,14", "0,0,1,3", "1,1,1,3", "0,0,0,3", "0.5,0.25,0.1,3"})
    void highDynamicRangeIsToneMappedInEightBits(double red, double green, double blue, int tolerance)
            throws Exception {
        // Ten bits of PQ are coarse for the red in BT.709's green, which is none.
        Path file = pqFilm("pq.mkv", pq(red, green, blue, 203), 0);
        for (PixelFormat target : List.of(PixelFormat.BGRA, PixelFormat.NV12_VIDEO, PixelFormat.NV12_FULL)) {
            try (VideoDecoder film = VideoDecoder.open(file);
                    Shown shown = new Shown(target, WIDTH, HEIGHT)) {
                assertTrue(film.next());
                int pixel = shown.draw(film)[WIDTH * 20 + 20];
                assertColor(
                        srgb(red),
                        srgb(green),
                        srgb(blue),
                        pixel,
                        target.equals(PixelFormat.BGRA) ? tolerance : tolerance + 1);
                assertEquals(TransferFunction.SRGB.attachment(), attached(shown).get(TransferFunction.KEY));
                assertEquals(ColorPrimaries.BT709.attachment(), attached(shown).get(ColorPrimaries.KEY));
                assertEquals("smpte2084", film.picture().transfer());
            }
        }
    }

    private static int srgb(double light) {
        return (int) Math.round(255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055));
    }

    @Test
    void brightLightIsRolledOffWhereItIsToldHowBrightItGets() throws Exception {
        int[] last = new int[1];
        for (int nits : new int[] {20, 60, 100, 203, 400, 1000}) {
            Path file = pqFilm(nits + ".mkv", pq(1, 1, 1, nits), 1000);
            try (VideoDecoder film = VideoDecoder.open(file);
                    Shown shown = new Shown(PixelFormat.BGRA, WIDTH, HEIGHT)) {
                assertTrue(film.next());
                assertEquals(1000, film.picture().hdr().maxContentLight());
                int level = shown.draw(film)[0] & 255;
                assertTrue(level > last[0], nits + " cd/m²: " + level);
                if (nits <= 60) {
                    assertEquals(srgb(nits / 203.0), level, 1);
                }
                last[0] = level;
            }
        }
        assertEquals(255, last[0], 1);
    }

    @Test
    void tenBitsPassHighDynamicRangeThroughUntouched() throws Exception {
        int[] code = pq(1, 0.5, 0.25, 600);
        Path file = pqFilm("pass.mkv", code, 1000);
        try (VideoDecoder film = VideoDecoder.open(file);
                Shown shown = new Shown(PixelFormat.P010_VIDEO, WIDTH, HEIGHT)) {
            assertTrue(film.next());
            shown.draw(film);
            try (var lock = shown.surface().lock()) {
                ByteBuffer luma = lock.plane(0).bytes();
                ByteBuffer chroma = lock.plane(1).bytes();
                assertEquals(code[0] << 6, luma.getShort(0) & 0xFFFF);
                assertEquals(code[1] << 6, chroma.getShort(0) & 0xFFFF);
                assertEquals(code[2] << 6, chroma.getShort(2) & 0xFFFF);
            }
            Map<String, Object> attached = attached(shown);
            assertEquals(YCbCrMatrix.BT2020.attachment(), attached.get(YCbCrMatrix.KEY));
            assertEquals(TransferFunction.PQ.attachment(), attached.get(TransferFunction.KEY));
            assertEquals(ColorPrimaries.BT2020.attachment(), attached.get(ColorPrimaries.KEY));
            assertEquals(1000, ((ByteBuffer) attached.get(HdrMetadata.LIGHT_KEY)).getShort(0));
            assertEquals(
                    Optional.of(1000 / 203.0), shown.surface().attachments().contentHeadroom());
        }
    }

    /** Row C30 of the faults: what FFmpeg has no decoder for is not damaged. */
    @Test
    void anAnimatedWebpIsSaidToBeOne() throws Exception {
        AVFrame first = Frames.empty(avutil.AV_PIX_FMT_BGRA, WIDTH, HEIGHT);
        AVFrame second = blueOnHiddenRed(avutil.AV_PIX_FMT_BGRA);
        Path file = new TestFilm(file("moving.webp"), "webp", "libwebp_anim")
                .add(first)
                .add(second)
                .write();
        VideoException refusal = assertThrows(VideoException.class, () -> VideoDecoder.open(file));
        assertEquals(file + ": is an animated WebP, which FFmpeg has no decoder for", refusal.getMessage());
        byte[] whole = Files.readAllBytes(new TestFilm(file("still.webp"), "image2", "libwebp")
                .add(blueOnHiddenRed(avutil.AV_PIX_FMT_BGRA))
                .write());
        Path cut = Files.write(file("cut.webp"), Arrays.copyOf(whole, whole.length / 2));
        VideoException damage = assertThrows(VideoException.class, () -> VideoDecoder.open(cut));
        assertTrue(damage.getMessage().contains("truncated or damaged"), damage.getMessage());
    }

    // --- Alpha

    private AVFrame blueOnHiddenRed(int format) {
        AVFrame frame = Frames.empty(format, WIDTH, HEIGHT);
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(format);
        boolean rgb = !Frames.isYuv(descriptor);
        int[] red = rgb ? new int[] {255, 0, 0, 0} : new int[] {81, 90, 240, 0};
        int[] blue = rgb ? new int[] {0, 0, 255, 255} : new int[] {41, 240, 110, 255};
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                for (int i = 0; i < 4; i++) {
                    Frames.set(frame, descriptor, i, x, y, (x < 32 ? red : blue)[i]);
                }
            }
        }
        return frame;
    }

    @ParameterizedTest
    @CsvSource({
        "png,mov,rgba,0", "qtrle,mov,argb,0", "ffv1,matroska,bgra,0", "ffv1,matroska,yuva420p,1",
        "libvpx-vp9,webm,yuva420p,12", "libvpx,webm,yuva420p,12", "prores_ks,mov,yuva444p10le,12", "png,image2,rgba,0"
    })
    void alphaIsKeptPremultipliedOrLaidOnBlack(String encoder, String container, String pixels, int tolerance)
            throws Exception {
        boolean ten = pixels.endsWith("10le");
        AVFrame frame = blueOnHiddenRed(avutil.av_get_pix_fmt(ten ? "yuva444p" : pixels));
        Path file = new TestFilm(file("alpha." + (container.equals("image2") ? "png" : container)), container, encoder)
                .add(ten ? widened(frame) : frame)
                .write();
        try (VideoDecoder film = VideoDecoder.open(file);
                Shown shown = new Shown(PixelFormat.BGRA, WIDTH, HEIGHT)) {
            assertTrue(film.next());
            assertTrue(film.picture().hasAlpha());
            int[] onBlack = shown.draw(film);
            assertColor(0, 0, 0, onBlack[WIDTH * 20 + 8], tolerance);
            assertColor(0, 0, 255, onBlack[WIDTH * 20 + 56], tolerance);
            assertEquals(AlphaMode.NONE, AlphaMode.of(attached(shown)));
            assertFalse(shown.pixels().isTransparent());
            film.keepAlpha(true);
            int[] kept = shown.draw(film);
            assertEquals(AlphaMode.PREMULTIPLIED, AlphaMode.of(attached(shown)));
            assertTrue(shown.pixels().isTransparent());
            assertEquals(0, kept[WIDTH * 20 + 8] >>> 24, tolerance);
            assertEquals(255, kept[WIDTH * 20 + 56] >>> 24, tolerance);
            try (var lock = shown.surface().lock()) { // the hidden red is not in the memory either
                assertEquals(0, lock.plane(0).bytes().get(20 * lock.plane(0).bytesPerRow() + 34) & 255, tolerance);
            }
        }
        try (VideoDecoder film = VideoDecoder.open(file);
                Shown shown = new Shown(PixelFormat.NV12_VIDEO, WIDTH, HEIGHT)) {
            assertTrue(film.next());
            int[] onBlack = shown.draw(film);
            assertColor(0, 0, 0, onBlack[WIDTH * 20 + 8], tolerance + 1);
            assertColor(0, 0, 255, onBlack[WIDTH * 20 + 56], tolerance + 2);
        }
    }

    private static AVFrame widened(AVFrame eight) {
        AVFrame ten = Frames.empty(avutil.AV_PIX_FMT_YUVA444P10LE, WIDTH, HEIGHT);
        AVPixFmtDescriptor from = avutil.av_pix_fmt_desc_get(eight.format());
        AVPixFmtDescriptor to = avutil.av_pix_fmt_desc_get(ten.format());
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                for (int i = 0; i < 4; i++) {
                    int value = Frames.get(eight, from, i, x, y);
                    Frames.set(ten, to, i, x, y, i == 3 ? value * 1023 / 255 : value << 2);
                }
            }
        }
        avutil.av_frame_free(eight);
        return ten;
    }

    /** No hidden colour comes to light at an edge that is scaled. */
    @ParameterizedTest
    @ValueSource(strings = {"bgra", "yuva420p"})
    void scalingMixesNoHiddenColour(String pixels) throws Exception {
        AVFrame frame = blueOnHiddenRed(avutil.av_get_pix_fmt(pixels));
        Path file =
                new TestFilm(file("edge.mkv"), "matroska", "ffv1").add(frame).write();
        try (VideoDecoder film = VideoDecoder.open(file);
                Shown shown = new Shown(PixelFormat.BGRA, 100, 75)) {
            assertTrue(film.next());
            for (int pixel : shown.draw(film)) {
                assertTrue((pixel >> 16 & 255) < 6, String.format("%08x", pixel));
            }
        }
    }
}

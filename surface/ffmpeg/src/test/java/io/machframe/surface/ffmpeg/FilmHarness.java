/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Makes files by every encoder that this build of FFmpeg has, in every pixel format that it takes, in several containers,
 * shapes and colours; decodes each by {@link VideoDecoder} and, as the reference, by FFmpeg's own calls and the formulas in
 * floating point; and compares every pixel of every picture. {@code main} does all of it and writes the table of
 * surface/docs/films.md; {@link FilmSampleTest} does some.
 */
final class FilmHarness {
    private static final int PICTURES = 3;
    private static final List<String> CONTAINERS = List.of(
            "matroska",
            "mov",
            "avi",
            "nut",
            "mp4",
            "mpegts",
            "mxf",
            "webm",
            "ogg",
            "flv",
            "asf",
            "ivf",
            "image2",
            "gif",
            "apng",
            "webp",
            "rawvideo",
            "yuv4mpegpipe",
            "swf",
            "dv",
            "gxf",
            "mpeg",
            "3gp",
            "ismv",
            "f4v",
            "h264",
            "avif");

    private final Path directory;
    private final List<Result> results = new ArrayList<>();

    /** One file. */
    record Result(
            String encoder,
            String container,
            String pixels,
            String shape,
            String colors,
            String reference,
            double bgra,
            double nv12,
            String trouble) {}

    FilmHarness(Path directory) {
        this.directory = directory;
    }

    /** Runs the whole of it. Arguments: a directory for the files, and the file of the table. */
    public static void main(String[] args) throws Exception {
        FilmHarness harness = new FilmHarness(Files.createDirectories(Path.of(args[0])));
        harness.run(Integer.MAX_VALUE, ".*");
        try (PrintStream out = new PrintStream(Files.newOutputStream(Path.of(args[1])))) {
            harness.print(out);
        }
        harness.results.stream()
                .filter(result -> !result.trouble.isEmpty() || result.bgra > 1 || result.nv12 > 2)
                .forEach(System.out::println);
        System.out.println(harness.results.size() + " files");
    }

    /** Tries every encoder whose name matches with at most so many files each. */
    List<Result> run(int most, String names) throws Exception {
        Libav.load();
        try (PointerPointer<Pointer> state = new PointerPointer<>(1)) {
            state.put(0, (Pointer) null);
            AVCodec codec = avcodec.av_codec_iterate(state);
            for (; codec != null && !codec.isNull(); codec = avcodec.av_codec_iterate(state)) {
                boolean hardware = codec.wrapper_name() != null
                        && codec.wrapper_name().getString().matches("nvenc|qsv|vaapi|v4l2m2m|vulkan|amf|mf|d3d12va");
                if (avcodec.av_codec_is_encoder(codec) != 0
                        && codec.type() == avutil.AVMEDIA_TYPE_VIDEO
                        && !hardware
                        && codec.name().getString().matches(names)) {
                    tryEncoder(codec, most);
                }
            }
        }
        return results;
    }

    @SuppressWarnings("deprecation") // the replacement has an out-parameter for each list
    private void tryEncoder(AVCodec codec, int most) throws Exception {
        String name = codec.name().getString();
        int made = 0;
        IntPointer formats = codec.pix_fmts();
        for (int i = 0; formats != null && !formats.isNull() && formats.get(i) != avutil.AV_PIX_FMT_NONE; i++) {
            int format = formats.get(i);
            if (swscale.sws_isSupportedOutput(format) == 0) {
                continue;
            }
            int containers = 0;
            for (String container : CONTAINERS) {
                if (made >= most || containers == 2) {
                    break;
                }
                AVOutputFormat muxer = avformat.av_guess_format(container, null, null);
                boolean fits = muxer != null
                        && !muxer.isNull()
                        && avformat.avformat_query_codec(muxer, codec.id(), avcodec.FF_COMPLIANCE_NORMAL) == 1;
                if (fits && tryFile(name, container, format, made)) {
                    containers++;
                    made++;
                }
            }
        }
    }

    private boolean tryFile(String encoder, String container, int format, int number) throws Exception {
        int[][] shapes = {{96, 64}, {97, 63}, {176, 144}, {720, 576}};
        boolean fixed = encoder.matches("dvvideo|h261|h263|h263p|cfhd|roqvideo|vc2|a64multi.*|dnxhd");
        int[] shape = encoder.equals("dvvideo") ? shapes[3] : fixed ? shapes[2] : shapes[number % 2];
        if (!make(encoder, container, format, shape, number) && !make(encoder, container, format, shapes[0], number)) {
            return false;
        }
        Path file = file(container, encoder);
        results.add(check(file, encoder, container, format));
        Files.deleteIfExists(file);
        return true;
    }

    private Path file(String container, String encoder) {
        String suffix = container.equals("image2")
                ? Map.of("mjpeg", "jpg", "libopenjpeg", "jp2", "jpeg2000", "jp2", "targa", "tga", "pgmyuv", "pgmyuv")
                        .getOrDefault(encoder, encoder)
                : container.equals("matroska") ? "mkv" : container;
        return directory.resolve("film." + suffix);
    }

    /** Moving gradients and noise, of every colour. */
    private boolean make(String encoder, String container, int format, int[] shape, int number) {
        try {
            boolean picture = container.matches("image2|avif|webp") && !encoder.contains("webp_anim");
            TestFilm film = new TestFilm(file(container, encoder), container, encoder);
            for (int i = 0; i < (picture ? 1 : PICTURES); i++) {
                film.add(frame(format, shape[0], shape[1], i, number));
            }
            film.write();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static AVFrame frame(int format, int width, int height, int time, int number) {
        AVFrame rgb = Frames.empty(avutil.AV_PIX_FMT_RGBA, width, height);
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(avutil.AV_PIX_FMT_RGBA);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                Frames.set(rgb, descriptor, 0, x, y, (x * 255 / width + 16 * time) & 255);
                Frames.set(rgb, descriptor, 1, x, y, y * 255 / height);
                Frames.set(rgb, descriptor, 2, x, y, (x / 8 + y / 8 + time) % 2 == 0 ? 40 : 200);
                Frames.set(rgb, descriptor, 3, x, y, x < width / 2 ? 255 : y * 255 / height);
            }
        }
        AVFrame frame = Frames.empty(format, width, height);
        SwsContext context = swscale.sws_getContext(
                width, height, rgb.format(), width, height, format, swscale.SWS_BILINEAR, null, null, (double[]) null);
        swscale.sws_scale(context, rgb.data(), rgb.linesize(), 0, height, frame.data(), frame.linesize());
        swscale.sws_freeContext(context);
        avutil.av_frame_free(rgb);
        int[] spaces = {
            avutil.AVCOL_SPC_UNSPECIFIED,
            avutil.AVCOL_SPC_BT709,
            avutil.AVCOL_SPC_SMPTE170M,
            avutil.AVCOL_SPC_BT2020_NCL
        };
        if (Frames.isYuv(avutil.av_pix_fmt_desc_get(format))) {
            frame.colorspace(spaces[number % spaces.length]);
            frame.color_range(
                    number % 3 == 0
                            ? avutil.AVCOL_RANGE_UNSPECIFIED
                            : number % 3 == 1 ? avutil.AVCOL_RANGE_MPEG : avutil.AVCOL_RANGE_JPEG);
        }
        return frame;
    }

    private Result check(Path file, String encoder, String container, int format) {
        String pixels = avutil.av_get_pix_fmt_name(format).getString();
        double[] worst = new double[2];
        String reference = "";
        String shape = "";
        String colors = "";
        String trouble = "";
        try (VideoDecoder film = VideoDecoder.open(file);
                Reference other = new Reference(file);
                SurfacePixels reader = SurfacePixels.open()) {
            int width = film.info().width();
            int height = film.info().height();
            shape = width + "x" + height;
            int count = 0;
            while (film.next()) {
                PictureDescription picture = film.picture();
                pixels = picture.pixelFormat();
                colors = picture.matrix() + " " + picture.range();
                AVFrame frame = other.next();
                if (frame == null) {
                    trouble = "more pictures than the reference";
                    break;
                }
                reference = other.kind();
                double[][] exact = other.rgb(frame);
                if (exact.length != width * height) {
                    reference = "scaled"; // pixels that are not square
                    count++;
                    continue;
                }
                PixelFormat[] targets = {PixelFormat.BGRA, PixelFormat.NV12_VIDEO};
                for (int i = 0; i < 2; i++) {
                    if (i == 1 && !isSubsampled(frame.format())) {
                        continue; // what 4:2:0 loses of it is no fault
                    }
                    try (IOSurface surface = IOSurface.create(SurfaceProperties.of(width, height, targets[i]))) {
                        film.draw(surface);
                        worst[i] = Math.max(worst[i], worst(exact, reader.read(surface)));
                    }
                }
                count++;
            }
            if (trouble.isEmpty() && other.next() != null) {
                trouble = count + " pictures, the reference has more";
            }
        } catch (IOException | RuntimeException e) {
            trouble = String.valueOf(e.getMessage()).replace(file.toString(), "FILE");
        }
        return new Result(encoder, container, pixels, shape, colors, reference, worst[0], worst[1], trouble);
    }

    private static boolean isSubsampled(int format) {
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(format);
        return Frames.isYuv(descriptor)
                && descriptor.log2_chroma_w() >= 1
                && descriptor.log2_chroma_h() >= 1
                && (descriptor.flags() & avutil.AV_PIX_FMT_FLAG_ALPHA) == 0;
    }

    private static double worst(double[][] exact, int[] pixels) {
        if (exact.length != pixels.length) {
            return 999;
        }
        double worst = 0;
        for (int i = 0; i < pixels.length; i++) {
            for (int c = 0; c < 3; c++) {
                worst = Math.max(worst, Math.abs(exact[i][c] - ((pixels[i] >> (16 - 8 * c)) & 255)));
            }
        }
        return worst;
    }

    private void print(PrintStream out) {
        Map<String, List<Result>> byEncoder = new LinkedHashMap<>();
        results.forEach(result -> byEncoder
                .computeIfAbsent(result.encoder, name -> new ArrayList<>())
                .add(result));
        out.println(
                "| Encoder | Files | Containers | Pixel formats as decoded | Worst in BGRA | Worst in 420v | Errors |");
        out.println("|---|---|---|---|---|---|---|");
        byEncoder.forEach((encoder, files) -> {
            TreeSet<String> containers = new TreeSet<>();
            TreeSet<String> pixels = new TreeSet<>();
            TreeSet<String> trouble = new TreeSet<>();
            double bgra = 0;
            double nv12 = 0;
            for (Result result : files) {
                containers.add(result.container);
                pixels.add(result.pixels + (result.reference.equals("swscale") ? "*" : ""));
                if (!result.trouble.isEmpty()) {
                    trouble.add(result.trouble);
                }
                bgra = Math.max(bgra, result.bgra);
                nv12 = Math.max(nv12, result.nv12);
            }
            out.printf(
                    "| %s | %d | %s | %s | %.2f | %s | %s |%n",
                    encoder,
                    files.size(),
                    String.join(" ", containers),
                    String.join(" ", pixels),
                    bgra,
                    nv12 == 0 ? "-" : String.format("%.2f", nv12),
                    String.join("; ", trouble));
        });
    }

    /** FFmpeg's own decoding, by the shortest way. */
    private static final class Reference implements AutoCloseable {
        private final AVFormatContext container = new AVFormatContext(null);
        private final AVCodecContext decoder;
        private final AVPacket packet = avcodec.av_packet_alloc();
        private final AVFrame frame = avutil.av_frame_alloc();
        private final int index;
        private String kind = "";

        Reference(Path file) throws IOException {
            if (avformat.avformat_open_input(container, file.toString(), null, null) < 0
                    || avformat.avformat_find_stream_info(container, (AVDictionary) null) < 0) {
                throw new IOException("the reference cannot be opened");
            }
            AVCodec codec = new AVCodec((Pointer) null);
            index = avformat.av_find_best_stream(container, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, codec, 0);
            decoder = avcodec.avcodec_alloc_context3(codec);
            avcodec.avcodec_parameters_to_context(
                    decoder, container.streams(index).codecpar());
            decoder.thread_count(1);
            if (avcodec.avcodec_open2(decoder, codec, (PointerPointer<?>) null) < 0) {
                throw new IOException("the reference cannot be decoded");
            }
        }

        String kind() {
            return kind;
        }

        AVFrame next() {
            for (; ; ) {
                int result = avcodec.avcodec_receive_frame(decoder, frame);
                if (result == 0) {
                    return frame;
                }
                if (result != avutil.AVERROR_EAGAIN()) {
                    return null;
                }
                int read = avformat.av_read_frame(container, packet);
                if (read < 0) {
                    avcodec.avcodec_send_packet(decoder, null);
                } else {
                    if (packet.stream_index() == index) {
                        avcodec.avcodec_send_packet(decoder, packet);
                    }
                    avcodec.av_packet_unref(packet);
                }
            }
        }

        /** By the formula where the descriptor tells all, otherwise by swscale's accurate path. */
        double[][] rgb(AVFrame of) {
            AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(of.format());
            long odd = avutil.AV_PIX_FMT_FLAG_BITSTREAM
                    | avutil.AV_PIX_FMT_FLAG_PAL
                    | avutil.AV_PIX_FMT_FLAG_BAYER
                    | avutil.AV_PIX_FMT_FLAG_FLOAT
                    | avutil.AV_PIX_FMT_FLAG_XYZ;
            boolean formula =
                    (descriptor.flags() & odd) == 0 && descriptor.comp(0).depth() <= 16;
            kind = formula ? "formula" : "swscale";
            AVFrame read = of;
            if (!formula) {
                read = Frames.empty(avutil.AV_PIX_FMT_RGBA, of.width(), of.height());
                SwsContext context = swscale.sws_getContext(
                        of.width(),
                        of.height(),
                        of.format(),
                        of.width(),
                        of.height(),
                        read.format(),
                        swscale.SWS_ACCURATE_RND | swscale.SWS_POINT,
                        null,
                        null,
                        (double[]) null);
                swscale.sws_scale(context, of.data(), of.linesize(), 0, of.height(), read.data(), read.linesize());
                swscale.sws_freeContext(context);
            }
            double[] weights = weights(of);
            double[][] pixels = new double[of.width() * of.height()][];
            for (int y = 0; y < of.height(); y++) {
                for (int x = 0; x < of.width(); x++) {
                    pixels[y * of.width() + x] = PictureConverterTest.exact(read, x, y, weights);
                }
            }
            if (!formula) {
                avutil.av_frame_free(read);
            }
            return pixels;
        }

        private static double[] weights(AVFrame of) {
            return switch (of.colorspace()) {
                case avutil.AVCOL_SPC_BT709 -> new double[] {0.2126, 0.0722};
                case avutil.AVCOL_SPC_BT2020_NCL -> new double[] {0.2627, 0.0593};
                case avutil.AVCOL_SPC_SMPTE240M -> new double[] {0.212, 0.087};
                case avutil.AVCOL_SPC_FCC -> new double[] {0.30, 0.11};
                case avutil.AVCOL_SPC_SMPTE170M, avutil.AVCOL_SPC_BT470BG -> new double[] {0.299, 0.114};
                default -> of.height() > 576 ? new double[] {0.2126, 0.0722} : new double[] {0.299, 0.114};
            };
        }

        @Override
        public void close() {
            avcodec.avcodec_free_context(decoder);
            avformat.avformat_close_input(container);
            avcodec.av_packet_free(packet);
            avutil.av_frame_free(frame);
        }
    }
}

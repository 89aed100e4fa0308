/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/** One pass through the best video stream of a file: the open file and its decoder. */
final class VideoStream implements AutoCloseable {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** {@code AV_FRAME_CROP_UNALIGNED}: to the pixel, wherever memory begins then. */
    private static final int CROP_EXACTLY = 1;

    private static final long DEFAULT_FRAME_NANOS = NANOS_PER_SECOND / 25;
    /** What claims to be shorter is the clock's tick, which some formats tell where they know nothing. */
    private static final long SHORTEST_FRAME_NANOS = NANOS_PER_SECOND / 1000;

    private final Path file;
    private final int end = avutil.AVERROR_EOF;
    private final int unknownKind = avutil.AVERROR_PATCHWELCOME;
    private final int again = avutil.AVERROR_EAGAIN();
    private final AVPacket packet = avcodec.av_packet_alloc();
    private @Nullable AVFormatContext container;
    private @Nullable AVCodecContext decoder;
    private @Nullable Completeness completeness;
    private @Nullable TileGrid grid;
    private boolean composed;
    private AVRational pixelAspect = new AVRational();
    private final long[] cropped = new long[4];
    private int index;
    private int codedWidth;
    private int codedHeight;
    private long clockNumerator;
    private long clockDenominator;
    private long frameNanos = DEFAULT_FRAME_NANOS;
    private double frameRate;
    private boolean damaged;
    private boolean unsupported;

    private VideoStream(Path file) {
        this.file = file;
    }

    static VideoStream open(Path file) throws VideoException {
        Libav.load();
        checkReadable(file);
        VideoStream stream = new VideoStream(file);
        try {
            AVCodec codec = stream.openContainer();
            stream.openDecoder(codec);
            return stream;
        } catch (Throwable e) {
            stream.close();
            throw e;
        }
    }

    /**
     * Decodes the next picture into {@code frame}; pictures that cannot be decoded are left out.
     *
     * @return false at the end of what can be decoded
     */
    boolean decode(AVFrame frame) throws VideoException {
        if (grid != null) {
            return compose(frame, grid);
        }
        for (; ; ) {
            int result = avcodec.avcodec_receive_frame(decoder, frame);
            if (result == 0) {
                if (pixelAspect.num() > 0) { // what the container says counts more than what the coding says
                    frame.sample_aspect_ratio(pixelAspect);
                }
                codedWidth = frame.width();
                codedHeight = frame.height();
                crop(frame);
                return true;
            }
            if (result == end) {
                return false;
            }
            if (result == again) {
                feed();
            } else {
                unsupported |= result == unknownKind;
            }
        }
    }

    /** Returns whether FFmpeg said of a picture that it cannot decode its kind, known once {@link #decode} returned. */
    boolean isUnsupported() {
        return unsupported;
    }

    /** A picture in tiles is the only one. */
    private boolean compose(AVFrame frame, TileGrid tiles) throws VideoException {
        if (composed) {
            return false;
        }
        composed = true;
        tiles.compose(frame);
        codedWidth = frame.width();
        codedHeight = frame.height();
        Libav.check("av_frame_apply_cropping", avutil.av_frame_apply_cropping(frame, CROP_EXACTLY));
        return true;
    }

    /** Takes away what the container says is not to be shown; what the coding says is gone already. */
    private void crop(AVFrame frame) {
        long left = cropped[2];
        long right = cropped[3];
        if (cropped[0] + cropped[1] + left + right == 0
                || cropped[0] + cropped[1] >= frame.height()
                || left + right >= frame.width()) {
            return;
        }
        frame.crop_top(cropped[0]).crop_bottom(cropped[1]).crop_left(left).crop_right(right);
        Libav.check("av_frame_apply_cropping", avutil.av_frame_apply_cropping(frame, CROP_EXACTLY));
    }

    /** Returns the width of the last picture before anything was cropped. */
    int codedWidth() {
        return codedWidth;
    }

    int codedHeight() {
        return codedHeight;
    }

    /** Returns whether the file stopped in the middle of something, known once {@link #decode} returned false. */
    boolean damaged() {
        return damaged;
    }

    /** Returns the time stamp of a decoded frame in nanoseconds of the file's clock, or {@code AV_NOPTS_VALUE}. */
    long stamp(AVFrame frame) {
        long stamp = frame.best_effort_timestamp();
        return stamp == avutil.AV_NOPTS_VALUE ? stamp : nanos(stamp);
    }

    /** Returns how long a decoded frame is to be shown, in nanoseconds: a guess where the file does not tell. */
    long duration(AVFrame frame) {
        long duration = nanos(frame.duration());
        return duration >= SHORTEST_FRAME_NANOS ? duration : frameNanos;
    }

    VideoInfo describe(int width, int height) {
        AVFormatContext opened = openedContainer();
        long micros = opened.duration();
        return new VideoInfo(
                width,
                height,
                frameRate,
                micros == avutil.AV_NOPTS_VALUE || micros < 0 ? Duration.ZERO : Duration.ofNanos(micros * 1000),
                containerName(),
                avcodec.avcodec_get_name(opened.streams(index).codecpar().codec_id())
                        .getString());
    }

    String containerName() {
        BytePointer name = openedContainer().iformat().long_name();
        return name == null || name.isNull() ? "unknown format" : name.getString();
    }

    @Override
    public void close() {
        if (grid != null) {
            grid.close();
        }
        if (decoder != null) {
            avcodec.avcodec_free_context(decoder);
            decoder = null;
        }
        if (container != null) {
            avformat.avformat_close_input(container);
            container = null;
        }
        avcodec.av_packet_free(packet);
    }

    private static void checkReadable(Path file) throws VideoException {
        if (!Files.exists(file)) {
            throw new VideoException(file, "no such file");
        }
        if (Files.isDirectory(file)) {
            throw new VideoException(file, "is a directory, not a video");
        }
        if (!Files.isReadable(file)) {
            throw new VideoException(file, "permission denied");
        }
        if (file.toFile().length() == 0 && Files.isRegularFile(file)) {
            throw new VideoException(file, "is empty");
        }
    }

    private AVCodec openContainer() throws VideoException {
        AVFormatContext opening = avformat.avformat_alloc_context();
        // With its protocol, so that a name like "concat:a" stays the name of a file.
        try (BytePointer url = new BytePointer(("file:" + file + '\0').getBytes(StandardCharsets.UTF_8))) {
            int result = avformat.avformat_open_input(opening, url, null, (AVDictionary) null);
            if (result < 0) {
                throw notOpened(result);
            }
        }
        container = opening;
        rejectText(opening);
        Libav.check(file, "read this video", avformat.avformat_find_stream_info(opening, (AVDictionary) null));
        return chooseStream(opening);
    }

    private VideoException notOpened(int result) {
        if (result != avutil.AVERROR_INVALIDDATA) {
            return new VideoException(file, "cannot be opened: " + Libav.text(result));
        }
        String format = ContainerGuess.of(file);
        return format.isEmpty()
                ? new VideoException(file, "is not a video that FFmpeg knows")
                : new VideoException(file, "is truncated or damaged: nothing in this " + format + " file can be read");
    }

    /** FFmpeg would play any text as a film of the terminal that prints it. */
    private void rejectText(AVFormatContext opened) throws VideoException {
        if (opened.iformat().name().getString().equals("tty")) {
            throw new VideoException(file, "is text, not a video");
        }
    }

    private AVCodec chooseStream(AVFormatContext opened) throws VideoException {
        AVCodec codec = new AVCodec((Pointer) null);
        index = avformat.av_find_best_stream(opened, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, codec, 0);
        if (index == avutil.AVERROR_DECODER_NOT_FOUND) {
            throw new VideoException(file, "this build of FFmpeg cannot decode its video");
        }
        if (index < 0 || isCover(opened.streams(index))) {
            int sound = avformat.av_find_best_stream(opened, avutil.AVMEDIA_TYPE_AUDIO, -1, -1, (AVCodec) null, 0);
            throw new VideoException(file, sound < 0 ? "has no video in it" : "has sound but no video in it");
        }
        completeness = new Completeness(opened);
        grid = TileGrid.of(file, opened, index);
        return withAlpha(opened.streams(index), codec);
    }

    /** FFmpeg's own decoders of VP8 and VP9 leave out the alpha, which lies beside the picture. */
    private static AVCodec withAlpha(AVStream stream, AVCodec codec) {
        AVDictionaryEntry mode = avutil.av_dict_get(stream.metadata(), "alpha_mode", null, 0);
        if (mode == null || mode.isNull() || !mode.value().getString().equals("1")) {
            return codec;
        }
        int id = stream.codecpar().codec_id();
        String name = id == avcodec.AV_CODEC_ID_VP8 ? "libvpx" : id == avcodec.AV_CODEC_ID_VP9 ? "libvpx-vp9" : "";
        AVCodec other = avcodec.avcodec_find_decoder_by_name(name);
        return other == null || other.isNull() ? codec : other;
    }

    private static boolean isCover(AVStream stream) {
        return (stream.disposition() & avformat.AV_DISPOSITION_ATTACHED_PIC) != 0;
    }

    private void openDecoder(AVCodec codec) throws VideoException {
        AVStream stream = openedContainer().streams(index);
        AVCodecContext opening = avcodec.avcodec_alloc_context3(codec);
        decoder = opening;
        Libav.check(file, "decode", avcodec.avcodec_parameters_to_context(opening, stream.codecpar()));
        opening.pkt_timebase(stream.time_base());
        // Several frames at once, never slices of one: what comes out of a damaged file stays the same in every run.
        opening.thread_count(0).thread_type(AVCodecContext.FF_THREAD_FRAME);
        Libav.check(file, "decode", avcodec.avcodec_open2(opening, codec, (PointerPointer<?>) null));
        pixelAspect = stream.sample_aspect_ratio();
        readCropping(stream);
        readClock(stream);
    }

    private void readCropping(AVStream stream) {
        AVPacketSideData told = avcodec.av_packet_side_data_get(
                stream.codecpar().coded_side_data(),
                stream.codecpar().nb_coded_side_data(),
                avcodec.AV_PKT_DATA_FRAME_CROPPING);
        if (told != null && !told.isNull() && told.size() >= (long) cropped.length * Integer.BYTES) {
            ByteBuffer sides = told.data().capacity(told.size()).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < cropped.length; i++) {
                cropped[i] = Integer.toUnsignedLong(sides.getInt(i * Integer.BYTES));
            }
        }
    }

    private void readClock(AVStream stream) {
        clockNumerator = stream.time_base().num();
        clockDenominator = stream.time_base().den();
        AVRational rate = avformat.av_guess_frame_rate(openedContainer(), stream, null);
        long nanos = rate.num() > 0 ? NANOS_PER_SECOND * rate.den() / rate.num() : 0;
        if (nanos >= SHORTEST_FRAME_NANOS) {
            frameRate = (double) rate.num() / rate.den();
            frameNanos = nanos;
        }
    }

    private long nanos(long ticks) {
        return avutil.av_rescale(ticks, clockNumerator * NANOS_PER_SECOND, clockDenominator);
    }

    /** Gives the decoder the next packet of the stream, or tells it that there is none. */
    private void feed() {
        for (; ; ) {
            avcodec.av_packet_unref(packet);
            int result = avformat.av_read_frame(container, packet);
            if (result < 0) {
                damaged |= result != end || seen().isShort();
                avcodec.avcodec_send_packet(decoder, null);
                return;
            }
            seen().saw(packet);
            if (packet.stream_index() == index) {
                damaged = (packet.flags() & avcodec.AV_PKT_FLAG_CORRUPT) != 0;
                unsupported |= avcodec.avcodec_send_packet(decoder, packet) == unknownKind;
                return;
            }
        }
    }

    private Completeness seen() {
        return Objects.requireNonNull(completeness);
    }

    private AVFormatContext openedContainer() {
        if (container == null) {
            throw new IllegalStateException(file + " was closed");
        }
        return container;
    }
}

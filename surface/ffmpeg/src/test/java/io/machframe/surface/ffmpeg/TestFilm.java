/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** A film of frames that a test made itself, by FFmpeg's encoders: any properties, any times. */
final class TestFilm {
    private final Path file;
    private final String container;
    private final String encoder;
    private final List<AVFrame> frames = new ArrayList<>();
    private final Map<Long, Long> durations = new HashMap<>();
    private Consumer<AVCodecContext> coding = context -> {};
    private Consumer<AVStream> stream = made -> {};
    private int ticks = 25;

    TestFilm(Path file, String container, String encoder) {
        this.file = file;
        this.container = container;
        this.encoder = encoder;
    }

    /** Adds a frame, shown from a time on. */
    TestFilm add(AVFrame frame, long tick, long duration) {
        frames.add(frame.pts(tick).duration(duration));
        durations.put(tick, duration);
        return this;
    }

    TestFilm add(AVFrame frame) {
        return add(frame, frames.size(), 1);
    }

    /** Ticks of the clock in a second. */
    TestFilm clock(int perSecond) {
        ticks = perSecond;
        return this;
    }

    TestFilm coding(Consumer<AVCodecContext> settings) {
        coding = settings;
        return this;
    }

    TestFilm stream(Consumer<AVStream> settings) {
        stream = settings;
        return this;
    }

    Path write() throws IOException {
        Libav.load();
        AVFrame first = frames.get(0);
        AVCodec codec = avcodec.avcodec_find_encoder_by_name(encoder);
        assertTrue(codec != null && !codec.isNull(), "no encoder " + encoder);
        AVFormatContext muxer = new AVFormatContext(null);
        check(avformat.avformat_alloc_output_context2(muxer, null, container, null));
        AVStream made = avformat.avformat_new_stream(muxer, null);
        AVCodecContext context = avcodec.avcodec_alloc_context3(codec);
        context.width(first.width()).height(first.height()).pix_fmt(first.format());
        context.time_base(avutil.av_make_q(1, ticks)).framerate(avutil.av_make_q(25, 1));
        context.color_range(first.color_range()).colorspace(first.colorspace());
        context.color_trc(first.color_trc()).color_primaries(first.color_primaries());
        context.strict_std_compliance(-1);
        context.bit_rate(20_000_000).gop_size(12).slices(1);
        if ((muxer.oformat().flags() & avformat.AVFMT_GLOBALHEADER) != 0) {
            context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
        }
        if (encoder.startsWith("libvpx")) { // which refuses alpha otherwise
            check(avutil.av_opt_set_int(context.priv_data(), "auto-alt-ref", 0, 0));
        }
        coding.accept(context);
        check(avcodec.avcodec_open2(context, codec, (PointerPointer<?>) null));
        check(avcodec.avcodec_parameters_from_context(made.codecpar(), context));
        made.time_base(avutil.av_make_q(1, ticks)).sample_aspect_ratio(context.sample_aspect_ratio());
        stream.accept(made);
        AVIOContext bytes = new AVIOContext(null);
        if ((muxer.oformat().flags() & avformat.AVFMT_NOFILE) == 0) {
            check(avformat.avio_open(bytes, file.toString(), avformat.AVIO_FLAG_WRITE));
            muxer.pb(bytes);
        } else {
            muxer.url(avutil.av_strdup(new BytePointer(file.toString())));
        }
        check(avformat.avformat_write_header(muxer, (AVDictionary) null));
        AVPacket packet = avcodec.av_packet_alloc();
        for (AVFrame frame : frames) {
            check(avcodec.avcodec_send_frame(context, frame));
            drain(context, muxer, made, packet);
        }
        check(avcodec.avcodec_send_frame(context, null));
        drain(context, muxer, made, packet);
        check(avformat.av_write_trailer(muxer));
        avcodec.av_packet_free(packet);
        avcodec.avcodec_free_context(context);
        avformat.avio_close(bytes);
        avformat.avformat_free_context(muxer);
        frames.forEach(avutil::av_frame_free);
        return file;
    }

    private void drain(AVCodecContext context, AVFormatContext muxer, AVStream made, AVPacket packet)
            throws IOException {
        while (avcodec.avcodec_receive_packet(context, packet) == 0) {
            packet.stream_index(0).duration(durations.getOrDefault(packet.pts(), 1L));
            avcodec.av_packet_rescale_ts(packet, context.time_base(), made.time_base());
            check(avformat.av_interleaved_write_frame(muxer, packet));
        }
    }

    private static void check(int result) throws IOException {
        if (result < 0) {
            throw new IOException(Libav.text(result));
        }
    }
}

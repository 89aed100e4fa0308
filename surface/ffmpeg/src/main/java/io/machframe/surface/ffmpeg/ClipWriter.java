/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.property.YCbCrMatrix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/** Codes pictures and writes them into a new file. */
final class ClipWriter implements AutoCloseable {
    /** Sharp edges and small text stay so at this many bits for a pixel of each frame. */
    private static final double BITS_PER_PIXEL = 0.1;

    /** FFV1 cuts a picture into slices unless told that it is too small. */
    private static final int SMALLEST_SLICED = 16;

    private final Path file;
    private final AVPacket packet = avcodec.av_packet_alloc();
    private final AVFormatContext container = new AVFormatContext((Pointer) null);
    private final AVCodecContext encoder;
    private final AVStream stream;
    private final AVRational frameTime;

    ClipWriter(Path file, ClipSpec spec) throws VideoException {
        this.file = file;
        AVCodec codec = avcodec.avcodec_find_encoder_by_name(spec.encoder());
        if (codec == null || codec.isNull()) {
            throw new VideoException(file, "this build of FFmpeg has no encoder " + spec.encoder());
        }
        encoder = avcodec.avcodec_alloc_context3(codec);
        frameTime = avutil.av_make_q(1, spec.frameRate());
        try {
            check(avformat.avformat_alloc_output_context2(container, null, spec.container(), null));
            stream = avformat.avformat_new_stream(container, null);
            openEncoder(codec, spec);
            openFile();
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** Codes a frame, whose time stamp is its number. */
    void write(AVFrame frame) throws VideoException {
        check(avcodec.avcodec_send_frame(encoder, frame));
        writePackets();
    }

    /** Writes what the encoder still holds, and the end of the file. */
    void finish() throws VideoException {
        check(avcodec.avcodec_send_frame(encoder, null));
        writePackets();
        check(avformat.av_write_trailer(container));
        AVIOContext bytes = container.pb();
        container.pb(null);
        check(avformat.avio_close(bytes));
    }

    @Override
    public void close() {
        if (!container.isNull()) {
            avformat.avio_close(container.pb());
            avformat.avformat_free_context(container);
            container.setNull();
        }
        avcodec.avcodec_free_context(encoder);
        avcodec.av_packet_free(packet);
    }

    private void openEncoder(AVCodec codec, ClipSpec spec) throws VideoException {
        encoder.width(spec.width()).height(spec.height());
        encoder.pix_fmt(avutil.av_get_pix_fmt(spec.pixelFormat()));
        encoder.time_base(frameTime).framerate(avutil.av_make_q(spec.frameRate(), 1));
        encoder.colorspace(
                YCbCrMatrix.ofHeight(spec.height()) == YCbCrMatrix.BT709
                        ? avutil.AVCOL_SPC_BT709
                        : avutil.AVCOL_SPC_SMPTE170M);
        encoder.gop_size(spec.frameRate());
        if (Math.min(spec.width(), spec.height()) < SMALLEST_SLICED) {
            encoder.slices(1);
        }
        encoder.bit_rate(Math.round(BITS_PER_PIXEL * spec.width() * spec.height() * spec.frameRate()));
        if ((container.oformat().flags() & avformat.AVFMT_GLOBALHEADER) != 0) {
            encoder.flags(encoder.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
        }
        check(avcodec.avcodec_open2(encoder, codec, (PointerPointer<?>) null));
        check(avcodec.avcodec_parameters_from_context(stream.codecpar(), encoder));
        stream.time_base(frameTime).avg_frame_rate(encoder.framerate());
    }

    private void openFile() throws VideoException {
        AVIOContext bytes = new AVIOContext((Pointer) null);
        try (BytePointer url = new BytePointer(("file:" + file + '\0').getBytes(StandardCharsets.UTF_8))) {
            check(avformat.avio_open(bytes, url, avformat.AVIO_FLAG_WRITE));
        }
        container.pb(bytes);
        check(avformat.avformat_write_header(container, (AVDictionary) null));
    }

    private void writePackets() throws VideoException {
        int result = avcodec.avcodec_receive_packet(encoder, packet);
        while (result == 0) {
            packet.stream_index(stream.index()).duration(1);
            avcodec.av_packet_rescale_ts(packet, frameTime, stream.time_base());
            check(avformat.av_interleaved_write_frame(container, packet));
            result = avcodec.avcodec_receive_packet(encoder, packet);
        }
        if (result != avutil.AVERROR_EAGAIN() && result != avutil.AVERROR_EOF) {
            check(result);
        }
    }

    private void check(int result) throws VideoException {
        Libav.check(file, "make this clip", result);
    }
}

#!/usr/bin/env bash
# FFmpeg's libopenh264 encoder cuts the last column and row off an odd-sized picture and says that all is well.
#
# Versions: FFmpeg 8.0.1 with OpenH264, bytedeco ffmpeg 8.0.1-1.5.13 and JavaCPP 1.5.13 (the build without x264, so
#           this is its H.264 encoder).
# Guess:    4:2:0 H.264 cannot crop to odd sizes, so the encoder refuses 101x51, or pads it to 102x52. (The
#           other encoders of this build, VP9, AV1, MPEG-4, FFV1 and MJPEG, keep 101x51.)
# Seen:     avcodec_open2 succeeds, nothing is logged at level "error", and the encoder's context goes on saying
#           101x51, as does the header of a Matroska file; decoding gives 100x50. A window of odd size that is
#           recorded this way loses an edge.
# Output:   opened: true, encoder says 101x51, decoded frame is 100x50
# Exit:     0 as described, 1 it changed, 2 the pinned versions cannot be had.
set -u
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
for artifact in ffmpeg:8.0.1-1.5.13 ffmpeg:8.0.1-1.5.13:jar:linux-x86_64 javacpp:1.5.13 javacpp:1.5.13:jar:linux-x86_64; do
    mvn -B -ntp -q dependency:copy -Dartifact="org.bytedeco:$artifact" -DoutputDirectory="$dir" >"$dir/log" 2>&1 || {
        echo "not available: $artifact"; exit 2; }
done

cat >"$dir/Odd.java" <<'JAVA'
import static org.bytedeco.ffmpeg.global.avcodec.*;
import static org.bytedeco.ffmpeg.global.avutil.*;
import org.bytedeco.ffmpeg.avcodec.*;
import org.bytedeco.ffmpeg.avutil.*;
import org.bytedeco.javacpp.*;

public class Odd {
    public static void main(String[] args) {
        av_log_set_level(AV_LOG_ERROR);
        AVCodecContext encoder = avcodec_alloc_context3(avcodec_find_encoder_by_name("libopenh264"));
        encoder.width(101);
        encoder.height(51);
        encoder.pix_fmt(AV_PIX_FMT_YUV420P);
        encoder.time_base(av_make_q(1, 25));
        encoder.bit_rate(1_000_000);
        boolean opened = avcodec_open2(encoder, encoder.codec(), (AVDictionary) null) >= 0;
        AVFrame picture = av_frame_alloc();
        picture.width(101);
        picture.height(51);
        picture.format(AV_PIX_FMT_YUV420P);
        check(av_frame_get_buffer(picture, 0));
        for (int plane = 0; plane < 3; plane++) {
            Pointer.memset(picture.data(plane), 128, (long) picture.linesize(plane) * (plane == 0 ? 51 : 26));
        }
        AVPacket packet = av_packet_alloc();
        check(avcodec_send_frame(encoder, picture));
        avcodec_send_frame(encoder, null);
        check(avcodec_receive_packet(encoder, packet));
        AVCodecContext decoder = avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_H264));
        check(avcodec_open2(decoder, decoder.codec(), (AVDictionary) null));
        AVFrame decoded = av_frame_alloc();
        check(avcodec_send_packet(decoder, packet));
        avcodec_send_packet(decoder, null);
        check(avcodec_receive_frame(decoder, decoded));
        System.out.printf("opened: %b, encoder says %dx%d, decoded frame is %dx%d%n",
                opened, encoder.width(), encoder.height(), decoded.width(), decoded.height());
        boolean cut = decoded.width() == 100 && decoded.height() == 50;
        System.exit(opened && encoder.width() == 101 && encoder.height() == 51 && cut ? 0 : 1);
    }

    static void check(int result) {
        if (result < 0) throw new IllegalStateException("FFmpeg error " + result);
    }
}
JAVA
javac -nowarn -cp "$dir/*" -d "$dir" "$dir/Odd.java" 2>"$dir/log" || { cat "$dir/log"; exit 2; }
java -Dorg.bytedeco.javacpp.cachedir="$dir/cache" -cp "$dir:$dir/*" Odd

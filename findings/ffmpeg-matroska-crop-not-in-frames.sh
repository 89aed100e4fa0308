#!/usr/bin/env bash
# FFmpeg 8 crops what a Matroska file says to crop in its own program only: decoded frames of the library come whole.
#
# Versions: FFmpeg 8.0.1 through bytedeco ffmpeg 8.0.1-1.5.13 and JavaCPP 1.5.13;
#           the file is made by mkvmerge 74.0.0-1 of Debian 12 (amd64).
# Guess:    AVCodecContext.apply_cropping is 1 and the demuxer hands "Frame Cropping" side data to the decoder (it is
#           in AVCodecParameters, copied by avcodec_parameters_to_context): frames come out cropped, as for H.264.
# Seen:     the frame is 128x96 with crop_left/top/right/bottom all 0 and no side data: nothing in it says
#           that 8, 4, 16 and 12 pixels are to be cut off. Only the ffmpeg program reads the side data of the stream
#           (it writes 104x80; FFmpeg 5.1 knows nothing of it and writes 128x96). A user of the library has
#           to read coded_side_data and set the frame's crop fields before av_frame_apply_cropping.
# Output:   by the program: 104x80
#           stream says crop 8,4,16,12; decoder has it: true; apply_cropping 1
#           frame 128x96, crop 0,0,0,0, side data 0
# Exit:     0 as described, 1 it changed, 2 the pinned versions cannot be had.
set -u
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/root" && : >"$dir/status"
apt=(apt-get -qq -y --no-install-recommends -o "Dir::State=$dir" -o "Dir::State::lists=$dir/lists"
    -o "Dir::State::status=$dir/status" -o "Dir::Cache=$dir/cache" -o APT::Sandbox::User=root)
{ "${apt[@]}" update && "${apt[@]}" --download-only install mkvtoolnix=74.0.0-1 libpulse0 \
    libxcb1 libxcb-shm0 libxcb-shape0 libxcb-xfixes0 libasound2; } \
    >"$dir/log" 2>&1 || { echo "the pinned Debian 12 packages are not available"; exit 2; }
for package in "$dir"/cache/archives/*.deb; do dpkg -x "$package" "$dir/root"; done
for artifact in ffmpeg:8.0.1-1.5.13 ffmpeg:8.0.1-1.5.13:jar:linux-x86_64 javacpp:1.5.13 javacpp:1.5.13:jar:linux-x86_64; do
    mvn -B -ntp -q dependency:copy -Dartifact="org.bytedeco:$artifact" -DoutputDirectory="$dir" >"$dir/log" 2>&1 || {
        echo "not available: $artifact"; exit 2; }
done
cd "$dir" && jar xf ffmpeg-*-linux-x86_64.jar || exit 2
av=$dir/org/bytedeco/ffmpeg/linux-x86_64 libs=$dir/root/usr/lib/x86_64-linux-gnu
run() { "$dir/root/lib64/ld-linux-x86-64.so.2" \
    --library-path "$av:$libs:$dir/root/lib/x86_64-linux-gnu:$libs/pulseaudio" "$@"; }
ffmpeg() { run "$av/ffmpeg" -nostdin -v error "$@" || exit 2; }
mkvmerge() { run "$dir/root/usr/bin/mkvmerge" -q -o "$@" || exit 2; }
cat >"$dir/Crop.java" <<'JAVA'
import static org.bytedeco.ffmpeg.global.avcodec.*;
import static org.bytedeco.ffmpeg.global.avformat.*;
import static org.bytedeco.ffmpeg.global.avutil.*;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.*;
import org.bytedeco.ffmpeg.avformat.*;
import org.bytedeco.ffmpeg.avutil.*;
import org.bytedeco.javacpp.*;

public class Crop {
    public static void main(String[] args) {
        AVFormatContext input = new AVFormatContext(null);
        check(avformat_open_input(input, args[0], null, null));
        AVCodecParameters stream = input.streams(0).codecpar();
        AVCodecContext decoder = avcodec_alloc_context3(avcodec_find_decoder(stream.codec_id()));
        check(avcodec_parameters_to_context(decoder, stream));
        check(avcodec_open2(decoder, decoder.codec(), (AVDictionary) null));
        AVPacketSideData crop =
                av_packet_side_data_get(stream.coded_side_data(), stream.nb_coded_side_data(), AV_PKT_DATA_FRAME_CROPPING);
        int[] edges = new int[4]; // top, bottom, left, right
        new IntPointer(crop.data()).get(edges);
        boolean known = decoder.nb_coded_side_data() > 0;
        System.out.printf("stream says crop %d,%d,%d,%d; decoder has it: %b; apply_cropping %d%n",
                edges[2], edges[0], edges[3], edges[1], known, decoder.apply_cropping());
        AVPacket packet = av_packet_alloc();
        AVFrame frame = av_frame_alloc();
        check(av_read_frame(input, packet));
        check(avcodec_send_packet(decoder, packet));
        avcodec_send_packet(decoder, null);
        check(avcodec_receive_frame(decoder, frame));
        long cut = frame.crop_left() + frame.crop_top() + frame.crop_right() + frame.crop_bottom();
        System.out.printf("frame %dx%d, crop %d,%d,%d,%d, side data %d%n", frame.width(), frame.height(),
                frame.crop_left(), frame.crop_top(), frame.crop_right(), frame.crop_bottom(), frame.nb_side_data());
        boolean whole = frame.width() == 128 && frame.height() == 96 && cut == 0 && frame.nb_side_data() == 0;
        System.exit(Arrays.equals(edges, new int[] {4, 12, 8, 16}) && known && whole ? 0 : 1);
    }

    static void check(int result) {
        if (result < 0) throw new IllegalStateException("FFmpeg error " + result);
    }
}
JAVA
ffmpeg -f lavfi -i testsrc=size=128x96:rate=25:duration=0.2 -c:v mpeg4 whole.mkv
mkvmerge cropped.mkv --cropping 0:8,4,16,12 whole.mkv
ffmpeg -i cropped.mkv -c:v ffv1 -frames:v 1 program.mkv
program=$(run "$av/ffprobe" -v error -show_entries stream=width,height -of csv=p=0:s=x program.mkv)
echo "by the program: $program"
javac -nowarn -cp "$dir/*" -d "$dir" Crop.java 2>"$dir/log" || { cat "$dir/log"; exit 2; }
java -Dorg.bytedeco.javacpp.cachedir="$dir/cache" -cp "$dir:$dir/*" Crop cropped.mkv && [ "$program" = 104x80 ]

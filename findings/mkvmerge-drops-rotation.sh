#!/usr/bin/env bash
# mkvmerge drops the rotation of an MP4 file, though Matroska has a place for it and FFmpeg writes and reads it there.
#
# Versions: mkvtoolnix 74.0.0-1 of Debian 12 (amd64), FFmpeg 8.0.1 as packed in bytedeco ffmpeg 8.0.1-1.5.13.
#           (FFmpeg 5.1.9 reads the rotation in Matroska too, but does not write it.)
# Guess:    remuxing is lossless: a telephone's upright video stays upright, as with "ffmpeg -c copy".
# Seen:     mkvmerge writes no ProjectionPoseRoll, without a warning and with exit code 0; it prints and keeps the
#           one of a Matroska file. So in a chain "phone, mkvmerge, viewer" the picture lies on its side, and
#           neither the file nor the log says that there was a rotation.
# Output:   MP4 has rotation: 90
#           MKV by ffmpeg -c copy has rotation: 90
#           that MKV through mkvmerge has rotation: 90
#           MKV by mkvmerge has rotation: none
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
mvn -B -ntp -q dependency:copy -Dartifact=org.bytedeco:ffmpeg:8.0.1-1.5.13:jar:linux-x86_64 \
    -DoutputDirectory="$dir" >"$dir/log" 2>&1 || { echo "bytedeco ffmpeg 8.0.1-1.5.13 is not available"; exit 2; }
cd "$dir" && jar xf ffmpeg-*.jar || exit 2
av=$dir/org/bytedeco/ffmpeg/linux-x86_64 libs=$dir/root/usr/lib/x86_64-linux-gnu
run() { "$dir/root/lib64/ld-linux-x86-64.so.2" \
    --library-path "$av:$libs:$dir/root/lib/x86_64-linux-gnu:$libs/pulseaudio" "$@"; }
ffmpeg() { run "$av/ffmpeg" -nostdin -v error "$@" || exit 2; }
mkvmerge() { run "$dir/root/usr/bin/mkvmerge" -q -o "$@" || exit 2; }
rotation() {
    local found
    found=$(run "$av/ffprobe" -v error -show_entries stream_side_data=rotation -of csv=p=0 "$2" | tr -dc '0-9-')
    printf '%s has rotation: %s\n' "$1" "${found:-none}"
    last=${found:-none}
}

ffmpeg -f lavfi -i testsrc=size=128x96:rate=25:duration=0.4 -c:v mpeg4 plain.mp4
ffmpeg -display_rotation 90 -i plain.mp4 -c copy turned.mp4
ffmpeg -i turned.mp4 -c copy copied.mkv
mkvmerge merged.mkv turned.mp4
mkvmerge again.mkv copied.mkv
rotation "MP4" turned.mp4 && mp4=$last
rotation "MKV by ffmpeg -c copy" copied.mkv && copied=$last
rotation "that MKV through mkvmerge" again.mkv && again=$last
rotation "MKV by mkvmerge" merged.mkv && merged=$last
[ "$mp4" = 90 ] && [ "$copied" = 90 ] && [ "$again" = 90 ] && [ "$merged" = none ]

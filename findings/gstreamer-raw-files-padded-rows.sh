#!/usr/bin/env bash
# GStreamer 1.22 writes the padding of its rows into Y4M, Matroska and AVI files, which have no place for it.
#
# Versions: GStreamer 1.22.0, plugins-base 1.22.0-3+deb12u6, plugins-good 1.22.0-5+deb12u3 of Debian 12 (amd64).
# Guess:    y4menc, matroskamux and avimux pack the rows: these formats say only width and height, and have
#           no stride. 101x51 I420 is 101 * 51 + 2 * 51 * 26 = 7803 bytes a frame.
# Seen:     each frame has 104 * 52 + 2 * 52 * 26 = 8112 bytes: rows of GStreamer's own memory layout, rounded up
#           to 4 bytes and 2 rows. FFmpeg shows the Matroska and AVI frames skewed (row 1 begins with the padding of
#           row 0) and finds 1 frame of 2 in the Y4M, as its frame headers are not where they must be.
#           Widths that are multiples of 8, with an even height, are right, so tests with usual sizes see nothing.
# Output:   y4menc: a frame is 8118 bytes at 101x51 (packed 7803), 4614 at 64x48 (packed 4608)
#           (matroskamux and avimux: the same sizes and a few bytes of framing)
# Exit:     0 as described, 1 it changed, 2 the pinned versions cannot be had.
set -u
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/root" && : >"$dir/status"
apt=(apt-get -qq -y --no-install-recommends -o "Dir::State=$dir" -o "Dir::State::lists=$dir/lists"
    -o "Dir::State::status=$dir/status" -o "Dir::Cache=$dir/cache" -o APT::Sandbox::User=root)
{ "${apt[@]}" update && "${apt[@]}" --download-only install gstreamer1.0-tools=1.22.0-2+deb12u1 \
    gstreamer1.0-plugins-base=1.22.0-3+deb12u6 gstreamer1.0-plugins-good=1.22.0-5+deb12u3; } \
    >"$dir/log" 2>&1 || { echo "the pinned Debian 12 packages are not available"; exit 2; }
for package in "$dir"/cache/archives/*.deb; do dpkg -x "$package" "$dir/root"; done
libs=$dir/root/usr/lib/x86_64-linux-gnu
export GST_PLUGIN_SYSTEM_PATH_1_0=$libs/gstreamer-1.0 GST_REGISTRY_FORK=no GST_REGISTRY=$dir/registry
launch() { "$dir/root/lib64/ld-linux-x86-64.so.2" \
    --library-path "$libs:$dir/root/lib/x86_64-linux-gnu:$libs/pulseaudio" \
    "$dir/root/usr/bin/gst-launch-1.0" -q "$@" >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 2; }; }

# The bytes a frame adds to a file: that of 12 frames less that of 2, by 10.
frame_bytes() {
    local size=()
    for count in 2 12; do
        launch videotestsrc "num-buffers=$count" ! "video/x-raw,format=I420,width=$2,height=$3,framerate=25/1" ! \
            "$1" ! filesink "location=$dir/file"
        size+=("$(stat -c %s "$dir/file")")
    done
    echo $(((size[1] - size[0]) / 10))
}
result=0
for muxer in y4menc matroskamux avimux; do
    odd=$(frame_bytes "$muxer" 101 51) && even=$(frame_bytes "$muxer" 64 48) || exit 2
    echo "$muxer: a frame is $odd bytes at 101x51 (packed 7803), $even at 64x48 (packed 4608)"
    [ "$odd" -ge 8112 ] && [ "$odd" -lt 8212 ] && [ "$even" -ge 4608 ] && [ "$even" -lt 4708 ] || result=1
done
exit $result

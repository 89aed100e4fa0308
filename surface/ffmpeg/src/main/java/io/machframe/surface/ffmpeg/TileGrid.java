/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avformat.AVStreamGroup;
import org.bytedeco.ffmpeg.avformat.AVStreamGroupTileGrid;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * A picture that a HEIF or AVIF file holds as tiles, each a stream of one picture for FFmpeg, which leaves it to its user to
 * put them together.
 */
final class TileGrid implements AutoCloseable {
    private final Path file;
    private final AVFormatContext container;
    private final AVStreamGroup group;
    private final AVStreamGroupTileGrid grid;
    private final AVFrame[] tiles;

    private TileGrid(Path file, AVFormatContext container, AVStreamGroup group) {
        this.file = file;
        this.container = container;
        this.group = group;
        grid = group.params_tile_grid();
        tiles = new AVFrame[group.nb_streams()];
    }

    /** Returns the grid that a stream is a tile of, or nothing. */
    static @Nullable TileGrid of(Path file, AVFormatContext container, int stream) {
        for (int i = 0; i < container.nb_stream_groups(); i++) {
            AVStreamGroup group = container.stream_groups(i);
            if (group.type() == avformat.AV_STREAM_GROUP_PARAMS_TILE_GRID) {
                for (int j = 0; j < group.nb_streams(); j++) {
                    if (group.streams(j).index() == stream) {
                        return new TileGrid(file, container, group);
                    }
                }
            }
        }
        return null;
    }

    /**
     * Decodes all tiles and puts them together.
     *
     * @throws VideoException if one of them is missing, or they are not of one kind
     */
    void compose(AVFrame into) throws VideoException {
        decodeTiles();
        AVFrame first = tiles[0];
        avutil.av_frame_unref(into);
        into.format(first.format()).width(grid.coded_width()).height(grid.coded_height());
        Libav.check(file, "make a picture", avutil.av_frame_get_buffer(into, 0));
        Libav.check(file, "make a picture", avutil.av_frame_copy_props(into, first));
        for (int i = 0; i < grid.nb_tiles(); i++) {
            AVFrame tile = tiles[grid.offsets_idx(i)];
            if (tile.format() != first.format()) {
                throw new VideoException(file, "its tiles are of several pixel formats");
            }
            place(tile, into, grid.offsets_horizontal(i), grid.offsets_vertical(i));
        }
        into.crop_left(grid.horizontal_offset()).crop_top(grid.vertical_offset());
        into.crop_right(grid.coded_width() - grid.width() - grid.horizontal_offset());
        into.crop_bottom(grid.coded_height() - grid.height() - grid.vertical_offset());
        copyOrientation(into);
    }

    @Override
    public void close() {
        for (int i = 0; i < tiles.length; i++) {
            if (tiles[i] != null) {
                avutil.av_frame_free(tiles[i]);
                tiles[i] = null;
            }
        }
    }

    private void decodeTiles() throws VideoException {
        AVPacket packet = avcodec.av_packet_alloc();
        try {
            while (avformat.av_read_frame(container, packet) >= 0) {
                for (int i = 0; i < tiles.length; i++) {
                    if (tiles[i] == null && group.streams(i).index() == packet.stream_index()) {
                        tiles[i] = decode(group.streams(i), packet);
                    }
                }
                avcodec.av_packet_unref(packet);
            }
        } finally {
            avcodec.av_packet_free(packet);
        }
        for (int i = 0; i < tiles.length; i++) {
            if (tiles[i] == null) {
                throw new VideoException(file, "is truncated or damaged: tile " + i + " of its picture is missing");
            }
        }
    }

    private AVFrame decode(AVStream stream, AVPacket packet) throws VideoException {
        AVCodec codec = avcodec.avcodec_find_decoder(stream.codecpar().codec_id());
        if (codec == null || codec.isNull()) {
            throw new VideoException(file, "this build of FFmpeg cannot decode its video");
        }
        AVCodecContext decoder = avcodec.avcodec_alloc_context3(codec);
        AVFrame tile = avutil.av_frame_alloc();
        boolean done = false;
        try {
            Libav.check(file, "decode", avcodec.avcodec_parameters_to_context(decoder, stream.codecpar()));
            Libav.check(file, "decode", avcodec.avcodec_open2(decoder, codec, (PointerPointer<?>) null));
            Libav.check(file, "decode", avcodec.avcodec_send_packet(decoder, packet));
            avcodec.avcodec_send_packet(decoder, null);
            Libav.check(file, "decode", avcodec.avcodec_receive_frame(decoder, tile));
            done = true;
            return tile;
        } finally {
            avcodec.avcodec_free_context(decoder);
            if (!done) {
                avutil.av_frame_free(tile);
            }
        }
    }

    /** Copies what of a tile is inside the picture. */
    private static void place(AVFrame tile, AVFrame into, int left, int top) {
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(into.format());
        int width = Math.min(tile.width(), into.width() - left);
        int height = Math.min(tile.height(), into.height() - top);
        if (left < 0 || top < 0 || width <= 0 || height <= 0) {
            return;
        }
        for (int plane = 0; plane < avutil.av_pix_fmt_count_planes(into.format()); plane++) {
            int shift = plane == 1 || plane == 2 ? descriptor.log2_chroma_h() : 0;
            long start = (long) (top >> shift) * into.linesize(plane)
                    + (left == 0 ? 0 : avutil.av_image_get_linesize(into.format(), left, plane));
            avutil.av_image_copy_plane(
                    new BytePointer(into.data(plane)).position(start),
                    into.linesize(plane),
                    tile.data(plane),
                    tile.linesize(plane),
                    avutil.av_image_get_linesize(into.format(), width, plane),
                    -(-height >> shift));
        }
    }

    private void copyOrientation(AVFrame into) {
        AVPacketSideData told = avcodec.av_packet_side_data_get(
                grid.coded_side_data(), grid.nb_coded_side_data(), avcodec.AV_PKT_DATA_DISPLAYMATRIX);
        if (told != null && !told.isNull()) {
            AVFrameSideData noted =
                    avutil.av_frame_new_side_data(into, avutil.AV_FRAME_DATA_DISPLAYMATRIX, told.size());
            if (noted != null && !noted.isNull()) {
                Pointer.memcpy(noted.data(), told.data(), told.size());
            }
        }
    }
}

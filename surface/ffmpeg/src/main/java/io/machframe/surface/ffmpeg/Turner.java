/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.nio.file.Path;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avfilter.AVFilterInOut;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avfilter;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** Turns the pictures upright of which the file says that they are not; those of most files cost nothing here. */
final class Turner implements AutoCloseable {
    private final Path file;
    private String description = "";
    private @Nullable AVFilterGraph graph;
    private @Nullable AVFilterContext source;
    private @Nullable AVFilterContext sink;

    Turner(Path file) {
        this.file = file;
    }

    /** Puts the upright picture in place of {@code frame}. */
    void turn(AVFrame frame) throws VideoException {
        Orientation orientation = Orientation.of(frame);
        if (orientation != Orientation.UPRIGHT) {
            prepare(describe(frame, orientation));
            check(avfilter.av_buffersrc_add_frame(source, frame));
            check(avfilter.av_buffersink_get_frame(sink, frame));
        }
    }

    @Override
    public void close() {
        if (graph != null) {
            avfilter.avfilter_graph_free(graph);
            graph = null;
        }
    }

    private void prepare(String wanted) throws VideoException {
        if (graph != null && wanted.equals(description)) {
            return;
        }
        close();
        AVFilterGraph made = avfilter.avfilter_graph_alloc();
        graph = made;
        description = wanted;
        AVFilterInOut none = new AVFilterInOut((Pointer) null);
        check(avfilter.avfilter_graph_parse2(made, wanted, none, none));
        check(avfilter.avfilter_graph_config(made, null));
        source = avfilter.avfilter_graph_get_filter(made, "buffer@in");
        sink = avfilter.avfilter_graph_get_filter(made, "buffersink@out");
    }

    private static String describe(AVFrame frame, Orientation orientation) {
        AVRational aspect = frame.sample_aspect_ratio();
        return "buffer@in=video_size=" + frame.width() + "x" + frame.height()
                + ":pix_fmt=" + avutil.av_get_pix_fmt_name(frame.format()).getString()
                // The time stamps pass as they are, whatever their unit.
                + ":time_base=1/1000:pixel_aspect=" + aspect.num() + "/" + Math.max(1, aspect.den())
                + ":colorspace=" + frame.colorspace() + ":range=" + frame.color_range()
                + "," + orientation.filters() + ",buffersink@out";
    }

    private void check(int result) throws VideoException {
        Libav.check(file, "turn its pictures upright", result);
    }
}

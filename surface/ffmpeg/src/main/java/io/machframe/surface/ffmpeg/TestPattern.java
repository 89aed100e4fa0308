/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.property.YCbCrMatrix;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avfilter.AVFilterInOut;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avfilter;
import org.bytedeco.javacpp.Pointer;

/** FFmpeg's own moving test picture, with the time and the number of the frame written into it. */
final class TestPattern implements AutoCloseable {
    /** The generator draws nothing of use, or fails, below this: smaller pictures are scaled down. */
    private static final int SMALLEST = 64;

    private final Path file;
    private final AVFilterGraph graph = avfilter.avfilter_graph_alloc();
    private final AVFilterContext sink;

    TestPattern(Path file, ClipSpec spec) throws VideoException {
        this.file = file;
        try {
            AVFilterInOut none = new AVFilterInOut((Pointer) null);
            Libav.check(file, "draw a picture", avfilter.avfilter_graph_parse2(graph, filters(spec), none, none));
            Libav.check(file, "draw a picture", avfilter.avfilter_graph_config(graph, null));
            sink = avfilter.avfilter_graph_get_filter(graph, "buffersink@out");
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** Draws the next picture into {@code frame}, stamped with its number. */
    void draw(AVFrame frame) throws VideoException {
        Libav.check(file, "draw a picture", avfilter.av_buffersink_get_frame(sink, frame));
    }

    @Override
    public void close() {
        avfilter.avfilter_graph_free(graph);
    }

    private static String filters(ClipSpec spec) {
        int width = Math.max(spec.width(), SMALLEST);
        int height = Math.max(spec.height(), SMALLEST);
        return "testsrc2=size=" + width + "x" + height + ":rate=" + spec.frameRate()
                + ",format=gbrp,scale=" + spec.width() + ":" + spec.height() + ":flags=neighbor"
                + ":out_range=limited:out_color_matrix=" + matrix(spec)
                + ",format=" + spec.pixelFormat() + ",buffersink@out";
    }

    private static String matrix(ClipSpec spec) {
        return YCbCrMatrix.ofHeight(spec.height()) == YCbCrMatrix.BT709 ? "bt709" : "bt601";
    }
}

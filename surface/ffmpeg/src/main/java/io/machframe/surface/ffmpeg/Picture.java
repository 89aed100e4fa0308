/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.ffmpeg.PictureDescription.Fields;
import io.machframe.surface.property.HdrMetadata;
import io.machframe.surface.property.Orientation;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.jspecify.annotations.Nullable;

/** The memory that a decoder puts its pictures into, one after the other, and what the file says of the present one. */
final class Picture implements AutoCloseable {
    private static final int MOST_STRETCHED = 8;

    private final AVFrame frame = avutil.av_frame_alloc();
    private @Nullable ColorTags tags;
    private Orientation orientation = Orientation.UP;
    private HdrMetadata hdr = HdrMetadata.NONE;
    private int codedWidth;
    private int codedHeight;

    AVFrame frame() {
        return frame;
    }

    /** Takes note of a picture that was decoded into the frame. */
    void update(int widthAsCoded, int heightAsCoded) {
        codedWidth = widthAsCoded;
        codedHeight = heightAsCoded;
        ColorTags known = tags;
        if (known == null || !known.fits(frame, codedHeight)) {
            known = ColorTags.of(frame, codedHeight);
            tags = known;
        }
        orientation = SideData.orientation(frame);
        HdrMetadata told = known.isHdr() ? SideData.hdr(frame) : HdrMetadata.NONE;
        if (!told.equals(hdr)) {
            hdr = told;
        }
    }

    ColorTags tags() {
        if (tags == null) {
            throw new IllegalStateException("no picture was decoded");
        }
        return tags;
    }

    Orientation orientation() {
        return orientation;
    }

    HdrMetadata hdr() {
        return hdr;
    }

    /** Returns how wide the picture is meant to be seen: most pixels are square. */
    int width() {
        return orientation.isSideways() ? squareHeight() : squareWidth();
    }

    int height() {
        return orientation.isSideways() ? squareWidth() : squareHeight();
    }

    boolean hasAlpha() {
        return (avutil.av_pix_fmt_desc_get(frame.format()).flags() & avutil.AV_PIX_FMT_FLAG_ALPHA) != 0;
    }

    String pixelFormat() {
        return String.valueOf(avutil.av_get_pix_fmt_name(frame.format()).getString());
    }

    PictureDescription describe() {
        boolean interlaced = (frame.flags() & AVFrame.AV_FRAME_FLAG_INTERLACED) != 0;
        boolean top = (frame.flags() & AVFrame.AV_FRAME_FLAG_TOP_FIELD_FIRST) != 0;
        BytePointer location = avutil.av_chroma_location_name(frame.chroma_location());
        return new PictureDescription(
                width(),
                height(),
                codedWidth,
                codedHeight,
                pixelFormat(),
                tags().spaceName(),
                tags().rangeName(),
                tags().transferName(),
                tags().primariesName(),
                location == null || location.isNull() ? "number " + frame.chroma_location() : location.getString(),
                !interlaced ? Fields.PROGRESSIVE : top ? Fields.TOP_FIRST : Fields.BOTTOM_FIRST,
                hasAlpha(),
                hdr);
    }

    @Override
    public void close() {
        avutil.av_frame_free(frame);
    }

    /** It keeps its height, or grows in it. */
    private int squareWidth() {
        double aspect = pixelAspect();
        return aspect > 1 ? (int) Math.round(frame.width() * aspect) : frame.width();
    }

    private int squareHeight() {
        double aspect = pixelAspect();
        return aspect < 1 ? (int) Math.round(frame.height() / aspect) : frame.height();
    }

    /** Returns how many times wider than high a pixel is; 1 if the file does not tell, or tells nonsense. */
    private double pixelAspect() {
        AVRational ratio = frame.sample_aspect_ratio();
        double aspect = (double) ratio.num() / ratio.den();
        return aspect >= 1.0 / MOST_STRETCHED && aspect <= MOST_STRETCHED ? aspect : 1;
    }
}

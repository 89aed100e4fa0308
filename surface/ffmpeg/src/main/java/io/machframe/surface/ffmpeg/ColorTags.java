/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.property.TransferFunction;
import io.machframe.surface.property.YCbCrMatrix;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * What a frame says of its colours, in the numbers of H.273, which FFmpeg has too. A number that means "not told" stays
 * one until somebody must decide; one that is not known is refused by its name.
 *
 * @param space {@code AVColorSpace}, the matrix of luma and chroma
 * @param range {@code AVColorRange}
 * @param transfer {@code AVColorTransferCharacteristic}
 * @param primaries {@code AVColorPrimaries}
 * @param codedHeight rows as they were coded, from which an untold matrix follows
 * @param kind whether the pixel format is of grey, RGB, full-range YUV by its name, or other YUV
 */
record ColorTags(int space, int range, int transfer, int primaries, int codedHeight, Kind kind) {
    private static final double[][] IDENTITY = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    private static final double CLOSE = 5e-4;

    enum Kind {
        GREY,
        RGB,
        YUV_FULL,
        YUV
    }

    /** Whether these are the tags of a frame; makes nothing. */
    boolean fits(AVFrame frame, int height) {
        return frame.colorspace() == space
                && frame.color_range() == range
                && frame.color_trc() == transfer
                && frame.color_primaries() == primaries
                && height == codedHeight
                && kind(frame.format()) == kind;
    }

    static ColorTags of(AVFrame frame, int codedHeight) {
        return new ColorTags(
                frame.colorspace(),
                frame.color_range(),
                frame.color_trc(),
                frame.color_primaries(),
                codedHeight,
                kind(frame.format()));
    }

    private static Kind kind(int format) {
        switch (format) {
            case avutil.AV_PIX_FMT_YUVJ420P,
                    avutil.AV_PIX_FMT_YUVJ422P,
                    avutil.AV_PIX_FMT_YUVJ444P,
                    avutil.AV_PIX_FMT_YUVJ440P,
                    avutil.AV_PIX_FMT_YUVJ411P -> {
                return Kind.YUV_FULL;
            }
            default -> {}
        }
        AVPixFmtDescriptor descriptor = avutil.av_pix_fmt_desc_get(format);
        long rgb = avutil.AV_PIX_FMT_FLAG_RGB | avutil.AV_PIX_FMT_FLAG_PAL | avutil.AV_PIX_FMT_FLAG_XYZ;
        if ((descriptor.flags() & rgb) != 0) {
            return Kind.RGB;
        }
        return descriptor.nb_components() < 3 ? Kind.GREY : Kind.YUV;
    }

    /**
     * Returns whether all codes are used. RGB always does so for FFmpeg, whatever is told; grey of which nothing is told
     * does, as in all picture files; luma and chroma of which nothing is told do not, as in all video.
     */
    boolean fullRange() {
        return switch (kind) {
            case RGB, YUV_FULL -> true;
            case GREY -> range != avutil.AVCOL_RANGE_MPEG;
            case YUV -> range == avutil.AVCOL_RANGE_JPEG;
        };
    }

    /** Returns the matrix to attach to a surface of luma and chroma: its own where that has a name there. */
    YCbCrMatrix matrix() throws UnsupportedColorException {
        if (kind == Kind.GREY || kind == Kind.RGB) {
            return YCbCrMatrix.ofHeight(codedHeight);
        }
        return named().orElse(YCbCrMatrix.ofHeight(codedHeight));
    }

    /** Returns whether luma and chroma can be put into a surface as they are. */
    boolean keepsChroma() throws UnsupportedColorException {
        return kind != Kind.RGB && kind != Kind.GREY && named().isPresent();
    }

    /** Returns the map to red, green and blue from 0 to 1. */
    double[][] toRgb() throws UnsupportedColorException {
        if (kind == Kind.RGB) {
            return IDENTITY;
        }
        if (kind == Kind.GREY) {
            return new double[][] {{1, 0, 0}, {1, 0, 0}, {1, 0, 0}};
        }
        if (space == avutil.AVCOL_SPC_YCGCO) {
            return new double[][] {{1, -1, 1}, {1, 1, 0}, {1, -1, -1}};
        }
        double[] weights = weights();
        return toRgb(weights[0], weights[1]);
    }

    static double[][] toRgb(YCbCrMatrix matrix) {
        double red = 1 - matrix.redOfCr() / 2;
        double blue = 1 - matrix.blueOfCb() / 2;
        return toRgb(red, blue);
    }

    private static double[][] toRgb(double red, double blue) {
        double green = 1 - red - blue;
        double redOfCr = 2 * (1 - red);
        double blueOfCb = 2 * (1 - blue);
        return new double[][] {{1, 0, redOfCr}, {1, -blueOfCb * blue / green, -redOfCr * red / green}, {1, blueOfCb, 0}
        };
    }

    private Optional<YCbCrMatrix> named() throws UnsupportedColorException {
        if (space == avutil.AVCOL_SPC_YCGCO) {
            return Optional.empty();
        }
        double[] weights = weights();
        for (YCbCrMatrix matrix : YCbCrMatrix.values()) {
            if (Math.abs(1 - matrix.redOfCr() / 2 - weights[0]) < CLOSE
                    && Math.abs(1 - matrix.blueOfCb() / 2 - weights[1]) < CLOSE) {
                return Optional.of(matrix);
            }
        }
        return Optional.empty();
    }

    /** Returns how much red and blue count towards luma. */
    private double[] weights() throws UnsupportedColorException {
        return switch (space) {
            case avutil.AVCOL_SPC_FCC -> new double[] {0.30, 0.11};
            case avutil.AVCOL_SPC_CHROMA_DERIVED_NCL ->
                Chromaticities.of(primaries).lumaWeights();
            // RGB is the number 0, which also stands where nothing was written.
            case avutil.AVCOL_SPC_UNSPECIFIED, avutil.AVCOL_SPC_RESERVED, avutil.AVCOL_SPC_RGB ->
                weights(YCbCrMatrix.ofHeight(codedHeight));
            default ->
                weights(YCbCrMatrix.ofCode(space) // FFmpeg's numbers are those of H.273
                        .orElseThrow(() -> new UnsupportedColorException("colours in the matrix " + spaceName())));
        };
    }

    private static double[] weights(YCbCrMatrix matrix) {
        return new double[] {1 - matrix.redOfCr() / 2, 1 - matrix.blueOfCb() / 2};
    }

    boolean isHdr() {
        return transfer == TransferFunction.PQ.code() || transfer == TransferFunction.HLG.code();
    }

    String spaceName() {
        return name(avutil.av_color_space_name(space), space);
    }

    String rangeName() {
        return name(avutil.av_color_range_name(range), range);
    }

    String transferName() {
        return name(avutil.av_color_transfer_name(transfer), transfer);
    }

    String primariesName() {
        return name(avutil.av_color_primaries_name(primaries), primaries);
    }

    private static String name(BytePointer text, int number) {
        return text == null || text.isNull() ? "number " + number : text.getString();
    }
}

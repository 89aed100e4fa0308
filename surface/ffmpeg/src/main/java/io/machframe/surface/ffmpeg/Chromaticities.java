/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import org.bytedeco.ffmpeg.global.avutil;

/**
 * Where the primaries and the white of a set of colours lie, in the CIE 1931 diagram; ITU-T H.273, table 2.
 */
record Chromaticities(
        double redX,
        double redY,
        double greenX,
        double greenY,
        double blueX,
        double blueY,
        double whiteX,
        double whiteY) {
    static final Chromaticities BT709 = d65(0.640, 0.330, 0.300, 0.600, 0.150, 0.060);

    /** Returns those of an {@code AVColorPrimaries}; of BT.709 if none are told. */
    static Chromaticities of(int primaries) throws UnsupportedColorException {
        return switch (primaries) {
            case avutil.AVCOL_PRI_RESERVED0,
                    avutil.AVCOL_PRI_BT709,
                    avutil.AVCOL_PRI_UNSPECIFIED,
                    avutil.AVCOL_PRI_RESERVED -> BT709;
            case avutil.AVCOL_PRI_BT470M -> new Chromaticities(0.67, 0.33, 0.21, 0.71, 0.14, 0.08, 0.310, 0.316);
            case avutil.AVCOL_PRI_BT470BG -> d65(0.64, 0.33, 0.29, 0.60, 0.15, 0.06);
            case avutil.AVCOL_PRI_SMPTE170M, avutil.AVCOL_PRI_SMPTE240M ->
                d65(0.630, 0.340, 0.310, 0.595, 0.155, 0.070);
            case avutil.AVCOL_PRI_FILM -> new Chromaticities(0.681, 0.319, 0.243, 0.692, 0.145, 0.049, 0.310, 0.316);
            case avutil.AVCOL_PRI_BT2020 -> d65(0.708, 0.292, 0.170, 0.797, 0.131, 0.046);
            case avutil.AVCOL_PRI_SMPTE431 ->
                new Chromaticities(0.680, 0.320, 0.265, 0.690, 0.150, 0.060, 0.314, 0.351);
            case avutil.AVCOL_PRI_SMPTE432 -> d65(0.680, 0.320, 0.265, 0.690, 0.150, 0.060);
            case avutil.AVCOL_PRI_JEDEC_P22 -> d65(0.630, 0.340, 0.295, 0.605, 0.155, 0.077);
            default -> throw new UnsupportedColorException("colours of the primaries number " + primaries);
        };
    }

    private static Chromaticities d65(double rx, double ry, double gx, double gy, double bx, double by) {
        return new Chromaticities(rx, ry, gx, gy, bx, by, 0.3127, 0.3290);
    }

    /** Returns how much red and blue count towards luminance. */
    double[] lumaWeights() {
        double[] luminance = toXyz()[1];
        return new double[] {luminance[0], luminance[2]};
    }

    /** Returns the map of linear light from these primaries to others, without adapting white. */
    double[][] to(Chromaticities other) {
        return times(inverse(other.toXyz()), toXyz());
    }

    /** Returns the map to CIE XYZ that gives white a luminance of 1. */
    private double[][] toXyz() {
        double[][] columns = {
            {redX / redY, greenX / greenY, blueX / blueY},
            {1, 1, 1},
            {(1 - redX - redY) / redY, (1 - greenX - greenY) / greenY, (1 - blueX - blueY) / blueY}
        };
        double[] white = {whiteX / whiteY, 1, (1 - whiteX - whiteY) / whiteY};
        double[][] back = inverse(columns);
        for (int i = 0; i < 3; i++) {
            double share = back[i][0] * white[0] + back[i][1] * white[1] + back[i][2] * white[2];
            for (double[] row : columns) {
                row[i] *= share;
            }
        }
        return columns;
    }

    static double[][] times(double[][] a, double[][] b) {
        double[][] product = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                product[i][j] = a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j];
            }
        }
        return product;
    }

    static double[][] inverse(double[][] m) {
        double[][] result = new double[3][3];
        double determinant = 0;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                int a = (j + 1) % 3;
                int b = (j + 2) % 3;
                int c = (i + 1) % 3;
                int d = (i + 2) % 3;
                result[i][j] = m[a][c] * m[b][d] - m[a][d] * m[b][c];
            }
            determinant += m[0][i] * result[i][0];
        }
        for (double[] row : result) {
            for (int j = 0; j < 3; j++) {
                row[j] /= determinant;
            }
        }
        return result;
    }
}

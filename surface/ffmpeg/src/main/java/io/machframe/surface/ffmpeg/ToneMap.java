/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import io.machframe.surface.property.HdrMetadata;

/**
 * Brings high dynamic range, PQ or HLG, to sRGB: reference white, 203 cd/m² (ITU-R BT.2408), becomes white. Where the film
 * tells its brightest light, brighter light is rolled off as ITU-R BT.2390 has it, by the brightest of red, green and
 * blue, so that hues stay; where it does not tell, what is brighter than reference white is clipped. Colours outside
 * BT.709 are clipped.
 */
final class ToneMap {
    private static final int SIGNALS = 1 << 14;
    private static final int LIGHTS = 1 << 12;
    private static final double PQ_PEAK = 10_000;
    private static final double HLG_PEAK = 1000;
    private static final float HLG_GAMMA = 1.2f;

    private final float[] light = new float[SIGNALS + 1];
    private final byte[] encoded = new byte[LIGHTS + 1];
    private final float[] share = new float[LIGHTS + 1];
    private final float[] matrix = new float[9];
    private final boolean gamma;
    private final float[] weights;
    private final float peak;

    /**
     * Prepares a map.
     *
     * @param hybrid whether the signal is HLG, otherwise PQ
     * @param source the film's primaries
     * @param peakNits its brightest light, or 0 if it does not tell
     */
    ToneMap(boolean hybrid, Chromaticities source, double peakNits) {
        gamma = hybrid;
        double[] luma = source.lumaWeights();
        weights = new float[] {(float) luma[0], (float) (1 - luma[0] - luma[1]), (float) luma[1]};
        for (int i = 0; i <= SIGNALS; i++) {
            double signal = (double) i / SIGNALS;
            light[i] = (float) (hybrid ? ofHlg(signal) : ofPq(signal) * PQ_PEAK / HdrMetadata.REFERENCE_WHITE);
        }
        double[][] toSdr = source.to(Chromaticities.BT709);
        for (int i = 0; i < 9; i++) {
            matrix[i] = (float) toSdr[i / 3][i % 3];
        }
        for (int i = 0; i <= LIGHTS; i++) {
            double root = (double) i / LIGHTS;
            encoded[i] = (byte) Math.round(255 * srgb(root * root));
        }
        peak = (float) Math.max(1, peakNits / HdrMetadata.REFERENCE_WHITE);
        for (int i = 1; i <= LIGHTS; i++) {
            double root = (double) i / LIGHTS;
            double value = root * root * peak;
            share[i] = (float) (rolledOff(value, peak) / value);
        }
        share[0] = 1;
    }

    /** Returns red, green and blue in the lower bytes of an int, of a signal from 0 to 1 each. */
    int rgb(float red, float green, float blue) {
        float r = light(red);
        float g = light(green);
        float b = light(blue);
        if (gamma) { // HLG's signal is of the scene; a display of 1000 cd/m² shows it with this gamma
            float scene = weights[0] * r + weights[1] * g + weights[2] * b;
            float display = (float) (HLG_PEAK / HdrMetadata.REFERENCE_WHITE * Math.pow(scene, HLG_GAMMA - 1));
            r *= display;
            g *= display;
            b *= display;
        }
        float sdrRed = Math.max(0, matrix[0] * r + matrix[1] * g + matrix[2] * b);
        float sdrGreen = Math.max(0, matrix[3] * r + matrix[4] * g + matrix[5] * b);
        float sdrBlue = Math.max(0, matrix[6] * r + matrix[7] * g + matrix[8] * b);
        float most = Math.max(sdrRed, Math.max(sdrGreen, sdrBlue));
        float keep = peak == 1 || most == 0
                ? 1
                : most >= peak ? 1 / most : share[Math.round((float) Math.sqrt(most / peak) * LIGHTS)];
        return encode(sdrRed * keep) << 16 | encode(sdrGreen * keep) << 8 | encode(sdrBlue * keep);
    }

    private float light(float signal) {
        return light[Math.round(Math.max(0, Math.min(1, signal)) * SIGNALS)];
    }

    private int encode(float value) {
        return encoded[Math.round((float) Math.sqrt(Math.min(1, value)) * LIGHTS)] & 0xFF;
    }

    private static double rolledOff(double value, double peak) {
        double top = toPq(peak * HdrMetadata.REFERENCE_WHITE / PQ_PEAK);
        double white = toPq(HdrMetadata.REFERENCE_WHITE / PQ_PEAK) / top;
        double signal = toPq(value * HdrMetadata.REFERENCE_WHITE / PQ_PEAK) / top;
        double knee = 1.5 * white - 0.5;
        if (signal < knee) {
            return value;
        }
        double t = (signal - knee) / (1 - knee);
        double spline = (2 * t * t * t - 3 * t * t + 1) * knee
                + (t * t * t - 2 * t * t + t) * (1 - knee)
                + (-2 * t * t * t + 3 * t * t) * white;
        return Math.min(1, ofPq(spline * top) * PQ_PEAK / HdrMetadata.REFERENCE_WHITE);
    }

    /** SMPTE ST 2084: from signal to light, 1 is 10,000 cd/m². */
    static double ofPq(double signal) {
        double power = Math.pow(signal, 32 / 2523.0);
        return Math.pow(Math.max(0, power - 3424 / 4096.0) / (2413 / 128.0 - 2392 / 128.0 * power), 8192 / 1305.0);
    }

    static double toPq(double light) {
        double power = Math.pow(light, 1305 / 8192.0);
        return Math.pow((3424 / 4096.0 + 2413 / 128.0 * power) / (1 + 2392 / 128.0 * power), 2523 / 32.0);
    }

    /** ITU-R BT.2100: from signal to light of the scene, 0 to 1. */
    private static double ofHlg(double signal) {
        double a = 0.17883277;
        double b = 1 - 4 * a;
        double c = 0.5 - a * Math.log(4 * a);
        return signal <= 0.5 ? signal * signal / 3 : (Math.exp((signal - c) / a) + b) / 12;
    }

    private static double srgb(double light) {
        return light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
    }
}

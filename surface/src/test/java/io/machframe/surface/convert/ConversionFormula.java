/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.convert;

import io.machframe.surface.PlaneBuffer;
import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.FormatDescription.PlaneShape;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.YCbCrMatrix;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a pixel of any format is by the formulas of H.273, calculated with doubles from the bits of each element as one large
 * number; and noise to try them on.
 */
final class ConversionFormula {
    private static final int PADDING = 37;

    private ConversionFormula() {}

    /** Makes planes of noise with padded rows; floats are between -0.5 and 1.5. */
    static List<PlaneBuffer> noise(FormatDescription format, int width, int height, Random random) {
        List<PlaneBuffer> planes = new ArrayList<>();
        for (PlaneShape shape : format.planes()) {
            boolean real = shape.components().get(0).type() == ComponentType.FLOAT;
            int bytesPerRow = (int) shape.rowBytes(width) + (real ? 48 : PADDING);
            int size = bytesPerRow * shape.rows(height);
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            ByteBuffer buffer = ByteBuffer.allocateDirect(size)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(bytes);
            if (real) {
                int bits = shape.components().get(0).bitDepth();
                for (int at = 0; at + bits / 8 <= size; at += bits / 8) {
                    float value = random.nextFloat() * 2 - 0.5f;
                    if (bits == 32) {
                        buffer.putFloat(at, value);
                    } else {
                        buffer.putShort(at, half(value));
                    }
                }
            }
            planes.add(new PlaneBuffer(
                    buffer, bytesPerRow, shape.width(width), shape.height(height), shape.bytesPerElement()));
        }
        return planes;
    }

    private static short half(float value) {
        int bits = Float.floatToIntBits(value);
        int exponent = (bits >> 23 & 0xff) - 127 + 15;
        return exponent <= 0 ? 0 : (short) (((bits >>> 16) & 0x8000) | (exponent << 10) | ((bits >> 13) & 0x3ff));
    }

    /** The value of a component for a pixel of the picture; NaN if the format has none of that name. */
    private static double component(
            FormatDescription format, List<PlaneBuffer> planes, ComponentName name, int x, int y) {
        for (int i = 0; i < planes.size(); i++) {
            PlaneShape shape = format.planes().get(i);
            List<Component> all = shape.components().stream()
                    .filter(component -> component.name() == name)
                    .toList();
            if (all.isEmpty()) {
                continue;
            }
            int column = x / shape.widthDivisor();
            int inElement = column % shape.elementWidth() * all.size() / shape.elementWidth();
            int at = y / shape.heightDivisor() * planes.get(i).bytesPerRow()
                    + column / shape.elementWidth() * shape.bytesPerElement();
            byte[] element = new byte[shape.bytesPerElement()];
            planes.get(i).bytes().get(at, element);
            if (format.byteOrder() == ByteOrder.LITTLE_ENDIAN) {
                for (int left = 0, right = element.length - 1; left < right; left++, right--) {
                    byte swapped = element[left];
                    element[left] = element[right];
                    element[right] = swapped;
                }
            }
            Component component = all.get(inElement);
            BigInteger number = new BigInteger(1, element)
                    .shiftRight(component.bitOffset())
                    .and(BigInteger.ONE.shiftLeft(component.bitDepth()).subtract(BigInteger.ONE));
            return value(component, number.longValue());
        }
        return Double.NaN;
    }

    private static double value(Component component, long number) {
        int n = component.bitDepth();
        if (component.type() == ComponentType.FLOAT) {
            if (n == 32) {
                return Float.intBitsToFloat((int) number);
            }
            double sign = (number & 0x8000) == 0 ? 1 : -1;
            long exponent = number >> 10 & 31;
            double fraction = (number & 0x3ff) / 1024.0;
            return sign
                    * (exponent == 0
                            ? fraction * Math.pow(2, -14)
                            : (1 + fraction) * Math.pow(2, (double) exponent - 15));
        }
        boolean chroma = component.name() == ComponentName.CHROMA_BLUE || component.name() == ComponentName.CHROMA_RED;
        double step = Math.pow(2, n - 8);
        if (component.range() == ComponentRange.VIDEO) {
            return chroma ? (number - 128 * step) / (224 * step) : (number - 16 * step) / (219 * step);
        } else if (component.range() == ComponentRange.WIDE) {
            return (number - 384) / 511.0;
        }
        return (chroma ? number - 128 * step : number) / (Math.pow(2, n) - 1);
    }

    private static double kr(YCbCrMatrix matrix) {
        return switch (matrix) {
            case BT601 -> 0.299;
            case BT709 -> 0.2126;
            case SMPTE240M -> 0.212;
            case BT2020 -> 0.2627;
        };
    }

    private static double kb(YCbCrMatrix matrix) {
        return switch (matrix) {
            case BT601 -> 0.114;
            case BT709 -> 0.0722;
            case SMPTE240M -> 0.087;
            case BT2020 -> 0.0593;
        };
    }

    /** Red, green, blue and alpha from 0 to 255, not rounded, with colours multiplied by {@code straight} alpha. */
    static double[] expected(
            FormatDescription format, List<PlaneBuffer> planes, YCbCrMatrix matrix, AlphaMode mode, int x, int y) {
        double luma = component(format, planes, ComponentName.LUMA, x, y);
        double cb = component(format, planes, ComponentName.CHROMA_BLUE, x, y);
        double cr = component(format, planes, ComponentName.CHROMA_RED, x, y);
        double[] rgb = new double[3];
        if (Double.isNaN(luma)) {
            rgb[0] = component(format, planes, ComponentName.RED, x, y);
            rgb[1] = component(format, planes, ComponentName.GREEN, x, y);
            rgb[2] = component(format, planes, ComponentName.BLUE, x, y);
        } else if (Double.isNaN(cb)) {
            rgb[0] = rgb[1] = rgb[2] = luma;
        } else {
            double kr = kr(matrix);
            double kb = kb(matrix);
            rgb[0] = luma + 2 * (1 - kr) * cr;
            rgb[2] = luma + 2 * (1 - kb) * cb;
            rgb[1] = (luma - kr * rgb[0] - kb * rgb[2]) / (1 - kr - kb);
        }
        double alpha = component(format, planes, ComponentName.ALPHA, x, y);
        if (Double.isNaN(alpha) || mode == AlphaMode.NONE) {
            alpha = 1;
        }
        alpha = Math.max(0, Math.min(1, alpha));
        double factor = mode == AlphaMode.STRAIGHT ? alpha : 1;
        double[] levels = new double[4];
        for (int i = 0; i < 3; i++) {
            double clamped = Double.isNaN(rgb[i]) ? 0 : Math.max(0, Math.min(1, rgb[i]));
            levels[i] = 255 * clamped * factor;
        }
        levels[3] = 255 * alpha;
        return levels;
    }
}

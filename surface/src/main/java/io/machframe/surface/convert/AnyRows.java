/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.convert;

import io.machframe.surface.PlaneBuffer;
import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.FormatDescription.PlaneShape;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.YCbCrMatrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of any format, by the catalogue's description of it alone. */
final class AnyRows implements RowConverter {
    private final FormatDescription format;
    private final AlphaMode alphaMode;
    private final float redOfCr;
    private final float greenOfCr;
    private final float greenOfCb;
    private final float blueOfCb;

    private final @Nullable Channel luma;
    private final @Nullable Channel cb;
    private final @Nullable Channel cr;
    private final @Nullable Channel red;
    private final @Nullable Channel green;
    private final @Nullable Channel blue;
    private final @Nullable Channel alpha;

    private final byte[][] rows;
    private float[] zeros = {};

    AnyRows(FormatDescription format, YCbCrMatrix matrix, AlphaMode alphaMode, float exposure) {
        this.format = format;
        this.alphaMode = alphaMode;
        this.redOfCr = (float) matrix.redOfCr();
        this.greenOfCr = (float) matrix.greenOfCr();
        this.greenOfCb = (float) matrix.greenOfCb();
        this.blueOfCb = (float) matrix.blueOfCb();
        this.luma = channel(ComponentName.LUMA, exposure);
        this.cb = channel(ComponentName.CHROMA_BLUE, exposure);
        this.cr = channel(ComponentName.CHROMA_RED, exposure);
        this.red = channel(ComponentName.RED, exposure);
        this.green = channel(ComponentName.GREEN, exposure);
        this.blue = channel(ComponentName.BLUE, exposure);
        this.alpha = alphaMode == AlphaMode.NONE ? null : channel(ComponentName.ALPHA, 1);
        this.rows = new byte[format.planes().size()][0];
    }

    private @Nullable Channel channel(ComponentName name, float exposure) {
        for (int i = 0; i < format.planes().size(); i++) {
            PlaneShape plane = format.planes().get(i);
            List<Component> samples = plane.components().stream()
                    .filter(component -> component.name() == name)
                    .toList();
            if (!samples.isEmpty()) {
                return new Channel(i, plane, format.byteOrder(), samples, exposure);
            }
        }
        return null;
    }

    @Override
    public void convert(List<PlaneBuffer> planes, int row, int width, int[] pixels, int at) {
        for (int i = 0; i < rows.length; i++) {
            PlaneShape shape = format.planes().get(i);
            int size = (int) shape.rowBytes(width);
            if (rows[i].length != size) {
                rows[i] = new byte[size];
            }
            PlaneBuffer plane = planes.get(i);
            plane.bytes().get(row / shape.heightDivisor() * plane.bytesPerRow(), rows[i]);
        }
        float[] a = alpha == null ? null : alpha.read(rows[alpha.plane()], width);
        if (luma == null) {
            put(read(red, width), read(green, width), read(blue, width), a, width, pixels, at);
        } else if (cb == null || cr == null) {
            float[] grey = read(luma, width);
            put(grey, grey, grey, a, width, pixels, at);
        } else {
            float[] y = read(luma, width);
            float[] u = read(cb, width);
            float[] v = read(cr, width);
            for (int x = 0; x < width; x++) {
                float grey = y[x];
                pixels[at + x] = pixel(
                        grey + redOfCr * v[x],
                        grey + greenOfCb * u[x] + greenOfCr * v[x],
                        grey + blueOfCb * u[x],
                        a == null ? 1 : a[x]);
            }
        }
    }

    /** Returns a row of a channel; one that a format of two colours lacks is 0. */
    private float[] read(@Nullable Channel channel, int width) {
        if (channel != null) {
            return channel.read(rows[channel.plane()], width);
        }
        if (zeros.length < width) {
            zeros = new float[width];
        }
        return zeros;
    }

    private void put(float[] r, float[] g, float[] b, float @Nullable [] a, int width, int[] pixels, int at) {
        for (int x = 0; x < width; x++) {
            pixels[at + x] = pixel(r[x], g[x], b[x], a == null ? 1 : a[x]);
        }
    }

    private int pixel(float r, float g, float b, float a) {
        float coverage = clamp(a);
        float factor = alphaMode == AlphaMode.STRAIGHT ? coverage : 1;
        return level(coverage) << 24
                | level(clamp(r) * factor) << 16
                | level(clamp(g) * factor) << 8
                | level(clamp(b) * factor);
    }

    private static int level(float value) {
        return (int) (value * 255 + 0.5f);
    }

    /** Returns a value between 0 and 1; 0 for one that is no number. */
    private static float clamp(float value) {
        return value > 0 ? Math.min(value, 1) : 0;
    }
}

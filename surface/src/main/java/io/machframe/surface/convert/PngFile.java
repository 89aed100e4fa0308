/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.convert;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Writes PNG files: eight bits for each of red, green, blue and, if wished, alpha. */
public final class PngFile {
    private static final long SIGNATURE = 0x89504E470D0A1A0AL;
    private static final byte RGB = 2;
    private static final byte RGB_WITH_ALPHA = 6;
    private static final byte DEPTH = 8;

    private PngFile() {}

    /**
     * Writes a picture. A file that is there already is replaced when the whole picture is coded.
     *
     * @param pixels {@code 0xaarrggbb} each, straight, row after row from the top
     * @param width pixels in a row
     * @param withAlpha whether alpha is written; otherwise the picture is opaque
     * @throws IllegalArgumentException if the pixels are not whole rows, and at least one
     * @throws IOException if the file cannot be written
     */
    public static void write(int[] pixels, int width, boolean withAlpha, Path file) throws IOException {
        if (width < 1 || pixels.length == 0 || pixels.length % width != 0) {
            throw new IllegalArgumentException(pixels.length + " pixels are not rows of " + width);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(SIGNATURE).array());
        ByteBuffer header = ByteBuffer.allocate(13);
        header.putInt(width).putInt(pixels.length / width);
        header.put(DEPTH).put(withAlpha ? RGB_WITH_ALPHA : RGB);
        chunk(bytes, "IHDR", header.array());
        chunk(bytes, "IDAT", compressed(pixels, width, withAlpha));
        chunk(bytes, "IEND", new byte[0]);
        Files.write(file, bytes.toByteArray());
    }

    /** Each byte as its difference from the one above, which most pictures are smaller with. */
    private static byte[] compressed(int[] pixels, int width, boolean withAlpha) throws IOException {
        int channels = withAlpha ? 4 : 3;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, deflater)) {
            byte[] above = new byte[width * channels];
            byte[] row = new byte[above.length];
            byte[] filtered = new byte[1 + row.length];
            filtered[0] = 2;
            for (int start = 0; start < pixels.length; start += width) {
                for (int x = 0, at = 0; x < width; x++) {
                    int pixel = pixels[start + x];
                    row[at++] = (byte) (pixel >> 16);
                    row[at++] = (byte) (pixel >> 8);
                    row[at++] = (byte) pixel;
                    if (withAlpha) {
                        row[at++] = (byte) (pixel >> 24);
                    }
                }
                for (int i = 0; i < row.length; i++) {
                    filtered[1 + i] = (byte) (row[i] - above[i]);
                }
                out.write(filtered);
                byte[] next = above;
                above = row;
                row = next;
            }
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream into, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(data);
        into.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(data.length).array());
        into.writeBytes(name);
        into.writeBytes(data);
        into.writeBytes(
                ByteBuffer.allocate(Integer.BYTES).putInt((int) sum.getValue()).array());
    }
}

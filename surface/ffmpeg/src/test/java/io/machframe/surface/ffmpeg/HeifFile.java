/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes AVIF files of several tiles, or cropped ones, which FFmpeg cannot write: ISO/IEC 23008-12. */
final class HeifFile {
    private HeifFile() {}

    /** The coded picture of an AVIF file and the box that describes it. */
    @SuppressWarnings("ArrayRecordComponent") // two values that are written, never compared
    private record Coded(byte[] data, byte[] configuration) {}

    /** Puts pictures that FFmpeg coded together as a grid. */
    static Path grid(Path file, List<Path> tiles, int columns, int tileWidth, int tileHeight, int width, int height)
            throws IOException {
        List<Coded> coded = new ArrayList<>();
        for (Path tile : tiles) {
            coded.add(read(tile));
        }
        int count = tiles.size();
        byte[] grid = ByteBuffer.allocate(8)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) (count / columns - 1))
                .put((byte) (columns - 1))
                .putShort((short) width)
                .putShort((short) height)
                .array();
        List<byte[]> items = new ArrayList<>();
        items.add(grid);
        coded.forEach(tile -> items.add(tile.data));
        byte[] properties =
                box("ipco", ispe(width, height), ispe(tileWidth, tileHeight), pixi(), coded.get(0).configuration);
        ByteArrayOutputStream associations = new ByteArrayOutputStream();
        associations.writeBytes(ints(count + 1));
        associations.writeBytes(new byte[] {0, 1, 2, 1, 3});
        for (int i = 0; i < count; i++) {
            associations.writeBytes(new byte[] {0, (byte) (i + 2), 3, 2, 3, (byte) (0x80 | 4)});
        }
        ByteArrayOutputStream references = new ByteArrayOutputStream();
        references.writeBytes(shorts(1, count));
        for (int i = 0; i < count; i++) {
            references.writeBytes(shorts(i + 2));
        }
        return write(
                file,
                items,
                "grid",
                properties,
                associations.toByteArray(),
                fullBox("iref", 0, box("dimg", references.toByteArray())));
    }

    /** Lets only the middle of a picture be shown. */
    static Path cropped(Path file, Path picture, int width, int height, int shownWidth, int shownHeight)
            throws IOException {
        Coded coded = read(picture);
        byte[] aperture = box("clap", ints(shownWidth, 1, shownHeight, 1, 0, 1, 0, 1));
        byte[] properties = box("ipco", ispe(width, height), pixi(), coded.configuration, aperture);
        byte[] association = {0, 0, 0, 1, 0, 1, 4, 1, 2, (byte) (0x80 | 3), (byte) (0x80 | 4)};
        return write(file, List.of(coded.data), "av01", properties, association, new byte[0]);
    }

    private static Path write(
            Path file, List<byte[]> items, String kind, byte[] properties, byte[] associations, byte[] references)
            throws IOException {
        byte[] type = box("ftyp", ascii("avif"), ints(0), ascii("avifmif1miaf"));
        int offset = 0;
        byte[] meta = {};
        for (int pass = 0; pass < 2; pass++) { // the second knows how long the first was
            meta = meta(items, kind, properties, associations, references, offset);
            offset = type.length + meta.length + 8;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(type);
        bytes.writeBytes(meta);
        bytes.writeBytes(box("mdat", items.toArray(new byte[0][])));
        return Files.write(file, bytes.toByteArray());
    }

    private static byte[] meta(
            List<byte[]> items, String kind, byte[] properties, byte[] associations, byte[] references, int offset) {
        ByteArrayOutputStream locations = new ByteArrayOutputStream();
        locations.writeBytes(shorts(0x4400, items.size()));
        ByteArrayOutputStream infos = new ByteArrayOutputStream();
        infos.writeBytes(shorts(items.size()));
        int at = offset;
        for (int i = 0; i < items.size(); i++) {
            locations.writeBytes(shorts(i + 1, 0, 1));
            locations.writeBytes(ints(at, items.get(i).length));
            at += items.get(i).length;
            infos.writeBytes(fullBox(
                    "infe", 2 << 24 | (i > 0 ? 1 : 0), shorts(i + 1, 0), ascii(i == 0 ? kind : "av01"), new byte[1]));
        }
        byte[] handler = fullBox("hdlr", 0, ints(0), ascii("pict"), ints(0, 0, 0), new byte[1]);
        return fullBox(
                "meta",
                0,
                handler,
                fullBox("pitm", 0, shorts(1)),
                fullBox("iloc", 0, locations.toByteArray()),
                fullBox("iinf", 0, infos.toByteArray()),
                references,
                box("iprp", properties, fullBox("ipma", 0, associations)));
    }

    private static byte[] ispe(int width, int height) {
        return fullBox("ispe", 0, ints(width, height));
    }

    private static byte[] pixi() {
        return fullBox("pixi", 0, new byte[] {3, 8, 8, 8});
    }

    private static Coded read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int configuration = find(bytes, "av1C") - 4;
        int data = find(bytes, "mdat") - 4;
        return new Coded(body(bytes, data, 8), body(bytes, configuration, 0));
    }

    private static byte[] body(byte[] bytes, int box, int skipped) {
        int size = ByteBuffer.wrap(bytes).getInt(box);
        return java.util.Arrays.copyOfRange(bytes, box + skipped, box + size);
    }

    private static int find(byte[] bytes, String type) {
        byte[] wanted = ascii(type);
        int at = 0;
        while (!java.util.Arrays.equals(wanted, java.util.Arrays.copyOfRange(bytes, at, at + 4))) {
            at++;
        }
        return at;
    }

    private static byte[] box(String type, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ints(8 + body.size()));
        bytes.writeBytes(ascii(type));
        bytes.writeBytes(body.toByteArray());
        return bytes.toByteArray();
    }

    private static byte[] fullBox(String type, int versionAndFlags, byte[]... parts) {
        byte[][] all = new byte[parts.length + 1][];
        all[0] = ints(versionAndFlags);
        System.arraycopy(parts, 0, all, 1, parts.length);
        return box(type, all);
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    private static byte[] shorts(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * values.length);
        for (int value : values) {
            bytes.putShort((short) value);
        }
        return bytes.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

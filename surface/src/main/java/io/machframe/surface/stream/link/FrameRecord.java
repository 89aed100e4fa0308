/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

import java.nio.ByteBuffer;

/**
 * What is said of one frame, in the page of its stream. Little-endian; the server writes it before it offers the frame.
 *
 * <pre>
 *     0  sequence (8)
 *     8  time stamp, ns from the start of the stream (8)
 *    16  duration, ns, 0 if unknown (8)
 *    24  captured, ns of CLOCK_MONOTONIC, 0 if unknown (8)
 *    32  published, ns of CLOCK_MONOTONIC (8)
 *    40  generation of the stream's format, from 1 on (4)
 *    44  serial number of the surface in this slot, from 1 on (4)
 *    48  width (4), height (4), pixel format (4)
 *    60  1 if frames before this one were lost at the source (4)
 *    64  crop: x, y, width, height (4 each); all 0 for the whole picture
 *    80  orientation, 1 to 8 as in EXIF (4)
 *    84  alpha: 0 none, 1 straight, 2 premultiplied (4)
 *    88  colour primaries, transfer, matrix: numbers of H.273 (4 each)
 *   100  range: 0 unknown, 1 limited, 2 full (4)
 *   104  HDR metadata: 1 if there is any (4), then 12 numbers (4 each)
 *   156  changed areas: their number, -1 if unknown (4)
 *   160  changed areas: x, y, width, height (4 each), up to {@value #MAX_AREAS}
 *  1184  user keys: bytes (4), then for each key and value its length (2) and UTF-8, up to {@value #MAX_KEYS_SIZE}
 * </pre>
 */
public final class FrameRecord {
    /** The most changed areas of a frame. */
    public static final int MAX_AREAS = 64;

    /** The most bytes of user keys, lengths included. */
    public static final int MAX_KEYS_SIZE = 856;

    /** How many numbers HDR metadata has. */
    public static final int HDR_NUMBERS = 12;

    private static final int SEQUENCE = 0;
    private static final int TIMESTAMP = 8;
    private static final int DURATION = 16;
    private static final int CAPTURED = 24;
    private static final int PUBLISHED = 32;
    private static final int GENERATION = 40;
    private static final int SERIAL = 44;
    private static final int WIDTH = 48;
    private static final int HEIGHT = 52;
    private static final int PIXEL_FORMAT = 56;
    private static final int DISCONTINUITY = 60;
    private static final int CROP = 64;
    private static final int ORIENTATION = 80;
    private static final int ALPHA = 84;
    private static final int COLOR = 88;
    private static final int HDR = 104;
    private static final int AREA_COUNT = 156;
    private static final int AREAS = 160;
    private static final int KEYS_SIZE = 1184;
    private static final int KEYS = 1188;
    private static final int AREA_SIZE = 16;

    private final ByteBuffer bytes;

    FrameRecord(ByteBuffer slice) {
        this.bytes = slice.order(java.nio.ByteOrder.LITTLE_ENDIAN);
    }

    public long sequence() {
        return bytes.getLong(SEQUENCE);
    }

    public void sequence(long sequence) {
        bytes.putLong(SEQUENCE, sequence);
    }

    public long timestamp() {
        return bytes.getLong(TIMESTAMP);
    }

    public long duration() {
        return bytes.getLong(DURATION);
    }

    public long captured() {
        return bytes.getLong(CAPTURED);
    }

    public long published() {
        return bytes.getLong(PUBLISHED);
    }

    /** Writes the times of a frame. */
    public void times(long timestamp, long duration, long captured, long published) {
        bytes.putLong(TIMESTAMP, timestamp).putLong(DURATION, duration);
        bytes.putLong(CAPTURED, captured).putLong(PUBLISHED, published);
    }

    public int generation() {
        return bytes.getInt(GENERATION);
    }

    public int serial() {
        return bytes.getInt(SERIAL);
    }

    public int width() {
        return bytes.getInt(WIDTH);
    }

    public int height() {
        return bytes.getInt(HEIGHT);
    }

    public int pixelFormat() {
        return bytes.getInt(PIXEL_FORMAT);
    }

    /** Writes which surface the frame is in and what that looks like. */
    public void surface(int generation, int serial, int width, int height, int pixelFormat) {
        bytes.putInt(GENERATION, generation).putInt(SERIAL, serial);
        bytes.putInt(WIDTH, width).putInt(HEIGHT, height).putInt(PIXEL_FORMAT, pixelFormat);
    }

    public boolean discontinuity() {
        return bytes.getInt(DISCONTINUITY) != 0;
    }

    public void discontinuity(boolean lost) {
        bytes.putInt(DISCONTINUITY, lost ? 1 : 0);
    }

    /** Returns a number of the crop: x, y, width, height. */
    public int crop(int index) {
        return bytes.getInt(CROP + Integer.BYTES * index);
    }

    public void crop(int x, int y, int width, int height) {
        putFour(CROP, x, y, width, height);
    }

    public int orientation() {
        return bytes.getInt(ORIENTATION);
    }

    public int alpha() {
        return bytes.getInt(ALPHA);
    }

    public void orientation(int orientation, int alpha) {
        bytes.putInt(ORIENTATION, orientation).putInt(ALPHA, alpha);
    }

    /** Returns a number of the colours: primaries, transfer, matrix, range. */
    public int color(int index) {
        return bytes.getInt(COLOR + Integer.BYTES * index);
    }

    public void color(int primaries, int transfer, int matrix, int range) {
        putFour(COLOR, primaries, transfer, matrix, range);
    }

    public boolean hasHdr() {
        return bytes.getInt(HDR) != 0;
    }

    public void hasHdr(boolean has) {
        bytes.putInt(HDR, has ? 1 : 0);
    }

    public int hdr(int index) {
        return bytes.getInt(HDR + Integer.BYTES * (1 + index));
    }

    public void hdr(int index, int number) {
        bytes.putInt(HDR + Integer.BYTES * (1 + index), number);
    }

    /** Returns how many areas changed, -1 if that is unknown. */
    public int areas() {
        int count = bytes.getInt(AREA_COUNT);
        return count < 0 || count > MAX_AREAS ? -1 : count;
    }

    public void areas(int count) {
        bytes.putInt(AREA_COUNT, count);
    }

    /** Returns a number of a changed area: x, y, width, height. */
    public int area(int area, int index) {
        return bytes.getInt(AREAS + AREA_SIZE * area + Integer.BYTES * index);
    }

    public void area(int area, int x, int y, int width, int height) {
        putFour(AREAS + AREA_SIZE * area, x, y, width, height);
    }

    /** Returns the user keys as they are written. */
    public byte[] keys() {
        byte[] keys = new byte[Math.min(Math.max(0, bytes.getInt(KEYS_SIZE)), MAX_KEYS_SIZE)];
        bytes.get(KEYS, keys);
        return keys;
    }

    public void keys(byte[] keys) {
        bytes.putInt(KEYS_SIZE, keys.length);
        bytes.put(KEYS, keys);
    }

    private void putFour(int at, int first, int second, int third, int fourth) {
        bytes.putInt(at, first).putInt(at + 4, second).putInt(at + 8, third).putInt(at + 12, fourth);
    }
}

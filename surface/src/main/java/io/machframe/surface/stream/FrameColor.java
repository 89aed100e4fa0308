/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * How the numbers of a picture stand for colours, by the code points of ITU-T H.273.
 *
 * @param primaries {@code ColourPrimaries}
 * @param transfer {@code TransferCharacteristics}
 * @param matrix {@code MatrixCoefficients}
 * @param range whether black and white are the ends of the numbers
 */
public record FrameColor(int primaries, int transfer, int matrix, Range range) {
    /** Nothing is said. */
    public static final FrameColor UNSPECIFIED = new FrameColor(2, 2, 2, Range.UNSPECIFIED);

    /** High definition video, limited range. */
    public static final FrameColor BT709 = new FrameColor(1, 1, 1, Range.LIMITED);

    /** What screens show, full range. */
    public static final FrameColor SRGB = new FrameColor(1, 13, 0, Range.FULL);

    private static final int MAX_CODE = 255;

    /** Which numbers are used. */
    public enum Range {
        /** Nothing is said: that of the pixel format. */
        UNSPECIFIED(0),
        /** Black is 16 and white 235 of 255. */
        LIMITED(1),
        /** All. */
        FULL(2);

        private final int code;

        Range(int code) {
            this.code = code;
        }

        /** Returns the number it has in the protocol. */
        public int code() {
            return code;
        }
    }

    public FrameColor {
        if (!isCode(primaries) || !isCode(transfer) || !isCode(matrix)) {
            throw new IllegalArgumentException(
                    "code points are 0 to " + MAX_CODE + ", not " + primaries + ", " + transfer + ", " + matrix);
        }
    }

    private static boolean isCode(int number) {
        return number >= 0 && number <= MAX_CODE;
    }
}

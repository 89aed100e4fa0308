/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Width and height of a frame in pixels. */
record FrameSize(int width, int height) {
    private static final int MAX_SIDE = 16384;

    /** Reads "1280x720". */
    static final class Converter implements ITypeConverter<FrameSize> {
        @Override
        public FrameSize convert(String text) {
            if (!text.matches("[1-9][0-9]{0,4}x[1-9][0-9]{0,4}")) {
                throw new TypeConversionException("\"" + text + "\" is no size such as 1280x720");
            }
            String[] sides = text.split("x", 2);
            int width = Integer.parseInt(sides[0]);
            int height = Integer.parseInt(sides[1]);
            if (width > MAX_SIDE || height > MAX_SIDE) {
                throw new TypeConversionException(text + " is more than " + MAX_SIDE + " pixels wide or high");
            }
            return new FrameSize(width, height);
        }
    }

    /** Returns the bytes of a frame with 4 bytes a pixel. */
    long bytes() {
        return 4L * width * height;
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}

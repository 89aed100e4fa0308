/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.publish;

import io.machframe.surface.ffmpeg.VideoDecoder;
import io.machframe.surface.format.PixelFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the value of {@code --format}. */
public final class FormatOption implements ITypeConverter<PixelFormat> {
    /** Called by picocli. */
    public FormatOption() {}

    @Override
    public PixelFormat convert(String value) {
        return VideoDecoder.FORMATS.stream()
                .filter(format -> format.toString().equalsIgnoreCase(value))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + value + "' is none of " + choices()));
    }

    private static String choices() {
        return VideoDecoder.FORMATS.stream()
                .map(format -> format.toString().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}

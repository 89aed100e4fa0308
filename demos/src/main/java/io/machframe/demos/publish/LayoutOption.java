/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.publish;

import io.machframe.surface.ffmpeg.PixelLayout;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the value of {@code --format}. */
public final class LayoutOption implements ITypeConverter<PixelLayout> {
    /** Called by picocli. */
    public LayoutOption() {}

    @Override
    public PixelLayout convert(String value) {
        return PixelLayout.ofCode(value)
                .orElseThrow(() -> new TypeConversionException("'" + value + "' is none of " + choices()));
    }

    private static String choices() {
        return Arrays.stream(PixelLayout.values())
                .map(layout -> layout.code().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}

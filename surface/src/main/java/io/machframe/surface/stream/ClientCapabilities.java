/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.stream.link.Hello;
import java.util.Arrays;
import java.util.List;

/**
 * What a client says of itself when it connects.
 *
 * @param device what it draws with: a number that is the same for the same device, such as {@code st_rdev} of a render node; 0 if
 *     it does not say
 * @param needsCpuMemory whether it reads pixels with the processor
 * @param formats the pixel formats that it takes; empty for any
 */
public record ClientCapabilities(long device, boolean needsCpuMemory, List<PixelFormat> formats) {
    /** The most formats that a client can name. */
    public static final int MAX_FORMATS = Hello.MAX_FORMATS;

    /** A client that takes anything, and says nothing. */
    public static final ClientCapabilities DEFAULT = new ClientCapabilities(0, false, List.of());

    public ClientCapabilities {
        formats = List.copyOf(formats);
        if (formats.size() > MAX_FORMATS) {
            throw new IllegalArgumentException(
                    "a client names at most " + MAX_FORMATS + " formats, not " + formats.size());
        }
    }

    static ClientCapabilities of(Hello hello) {
        return new ClientCapabilities(
                hello.device(),
                hello.needsCpuMemory(),
                Arrays.stream(hello.formats()).mapToObj(PixelFormat::new).toList());
    }

    Hello hello() {
        return new Hello(
                device,
                needsCpuMemory,
                formats.stream().mapToInt(PixelFormat::code).toArray());
    }

    boolean takes(FrameFormat format) {
        return formats.isEmpty() || formats.contains(format.pixelFormat());
    }
}

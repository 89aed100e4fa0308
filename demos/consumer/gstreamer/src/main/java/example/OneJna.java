/* SPDX-License-Identifier: Apache-2.0 */
package example;

import io.machframe.surface.format.Dialect;
import io.machframe.surface.format.PixelFormat;
import java.io.File;
import java.util.stream.Stream;
import org.freedesktop.gstreamer.Format;

/** GStreamer's Java binding brings JNA, and so does Machframe: both must be served by one copy of it. */
public class OneJna {
    public static void main(String[] arguments) {
        long copies = Stream.of("java.class.path", "jdk.module.path")
                .flatMap(path -> Stream.of(System.getProperty(path, "").split(File.pathSeparator)))
                .map(jar -> new File(jar).getName())
                .filter(name -> name.startsWith("jna-"))
                .count();
        System.out.printf(
                "copies of JNA: %d, formats of both: %s %s%n",
                copies, PixelFormat.named(Dialect.GSTREAMER, "NV12"), Format.TIME);
    }
}

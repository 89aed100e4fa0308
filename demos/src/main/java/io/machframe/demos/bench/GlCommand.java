/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import io.machframe.demos.bench.GlWork.Kind;
import io.machframe.surface.gl.GlInterop;
import io.machframe.surface.gl.HeadlessGl;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench gl}: surfaces in OpenGL, in turns with the same work on textures that nobody shares. */
@Command(
        name = "gl",
        description = {
            "Measures surfaces as textures and render targets of OpenGL.",
            "In turns with it, the same is done with private textures, by bare calls."
        },
        showDefaultValues = true,
        footerHeading = "%nExample:%n",
        footer = "  demos/run bench gl")
final class GlCommand implements Callable<Integer> {
    @Option(names = "--repetitions", paramLabel = "N", description = "Rounds of each kind.", defaultValue = "7")
    private int repetitions;

    @Option(
            names = "--times",
            paramLabel = "N",
            description = "How often the work is done in a round.",
            defaultValue = "100")
    private int times;

    @Option(
            names = "--size",
            paramLabel = "WxH",
            description = "The picture's size.",
            converter = FrameSize.Converter.class,
            defaultValue = "1920x1080")
    private FrameSize size = new FrameSize(1920, 1080);

    @Override
    public Integer call() throws Exception {
        String load = Machine.load();
        try (HeadlessGl context = HeadlessGl.open()) {
            GlInterop gl = GlInterop.ofCurrentContext();
            Table.line("%s; load %s before", Machine.description(), load);
            Table.line("%s, %s; %s", context.renderer(), context.version(), gl);
            Table.heading(
                    "a picture of " + size + ", milliseconds of CPU",
                    "work | library | bare calls | library : bare calls");
            for (Kind kind : Kind.values()) {
                try (GlWork work = new GlWork(gl, kind, size.width(), size.height())) {
                    measure(work);
                }
            }
        }
        Table.line("%nload %s after", Machine.load());
        return 0;
    }

    private void measure(GlWork work) throws Exception {
        work.library(times);
        work.bare(times);
        double[] library = new double[repetitions];
        double[] bare = new double[repetitions];
        double[] ratios = new double[repetitions];
        for (int i = 0; i < repetitions; i++) {
            library[i] = work.library(times);
            bare[i] = work.bare(times);
            ratios[i] = library[i] / bare[i];
        }
        Table.row(
                "%s | %.3f | %s | %s",
                work.title(),
                Ratio.of(library).median() / 1e6,
                work.hasBare()
                        ? String.format(Locale.ROOT, "%.3f", Ratio.of(bare).median() / 1e6)
                        : "-",
                work.hasBare() ? Ratio.of(ratios) : "-");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.publish;

import io.machframe.demos.process.Report;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a publisher did.
 *
 * @param published frames
 * @param processorNanos processor time of its whole process meanwhile
 * @param elapsedNanos from the first picture's decoding to the end
 * @param surfaces the ids of the surfaces that published frames were drawn into
 */
public record PublishFigures(long published, long processorNanos, long elapsedNanos, Set<Integer> surfaces) {
    /** The topic of its report. */
    public static final String TOPIC = "published";

    /** Reads what {@link #report} wrote. */
    public static PublishFigures of(Report report) {
        Set<Integer> surfaces = Arrays.stream(report.text("surfaces").split(",", -1))
                .filter(id -> !id.isEmpty())
                .map(Integer::valueOf)
                .collect(Collectors.toUnmodifiableSet());
        return new PublishFigures(
                report.number("frames"), report.number("processor"), report.number("elapsed"), surfaces);
    }

    Report report() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("frames", Long.toString(published));
        values.put("processor", Long.toString(processorNanos));
        values.put("elapsed", Long.toString(elapsedNanos));
        values.put("surfaces", surfaces.stream().map(String::valueOf).collect(Collectors.joining(",")));
        return new Report(TOPIC, values);
    }
}

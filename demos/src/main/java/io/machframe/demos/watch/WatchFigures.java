/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.watch;

import io.machframe.demos.process.Report;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a watcher received.
 *
 * @param received frames
 * @param skipped frames that newer ones replaced before they were taken
 * @param verified frames whose every pixel was found to be right; 0 if none was checked
 * @param processorNanos processor time of its whole process meanwhile
 * @param handOff how long frames took
 * @param framesBySurface how many frames were received in which surface, by its id
 */
public record WatchFigures(
        long received,
        long skipped,
        long verified,
        long processorNanos,
        HandOff handOff,
        Map<Integer, Long> framesBySurface) {
    /** The topic of the report of the end. */
    public static final String TOPIC = "watched";

    /** Reads what {@link #report} wrote. */
    public static WatchFigures of(Report report) {
        Map<Integer, Long> frames = new HashMap<>();
        for (String pair : report.text("surfaces").split(",", -1)) {
            int colon = pair.indexOf(':');
            if (colon >= 0) {
                frames.put(Integer.valueOf(pair.substring(0, colon)), Long.valueOf(pair.substring(colon + 1)));
            }
        }
        return new WatchFigures(
                report.number("received"),
                report.number("skipped"),
                report.number("verified"),
                report.number("processor"),
                new HandOff(report.number("p50"), report.number("p99"), report.number("max")),
                frames);
    }

    /** Returns the report that the figures are sent as. */
    Report report(String topic) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("received", Long.toString(received));
        values.put("skipped", Long.toString(skipped));
        values.put("verified", Long.toString(verified));
        values.put("processor", Long.toString(processorNanos));
        values.put("p50", Long.toString(handOff.medianNanos()));
        values.put("p99", Long.toString(handOff.p99Nanos()));
        values.put("max", Long.toString(handOff.maxNanos()));
        String surfaces = framesBySurface.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(","));
        values.put("surfaces", surfaces);
        return new Report(topic, values);
    }
}

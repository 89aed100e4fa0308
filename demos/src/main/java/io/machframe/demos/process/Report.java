/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.process;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A line by which a child process tells its parent something: an at sign, a topic, and named values.
 *
 * @param topic what it is about, one word
 * @param values by name; names and values have no spaces
 */
public record Report(String topic, Map<String, String> values) {
    private static final String MARK = "@";

    /** Returns a report without values. */
    public static Report of(String topic) {
        return new Report(topic, Map.of());
    }

    /** Returns what a line says, or nothing if it is not a report. */
    public static Optional<Report> parse(String line) {
        if (!line.startsWith(MARK)) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        int space = line.indexOf(' ');
        for (int start = space; start >= 0; ) {
            int next = line.indexOf(' ', start + 1);
            String pair = line.substring(start + 1, next < 0 ? line.length() : next);
            int equals = pair.indexOf('=');
            if (equals < 0) {
                return Optional.empty();
            }
            values.put(pair.substring(0, equals), pair.substring(equals + 1));
            start = next;
        }
        return Optional.of(new Report(line.substring(1, space < 0 ? line.length() : space), values));
    }

    /** Returns a whole number. */
    public long number(String name) {
        return Long.parseLong(text(name));
    }

    /** Returns a value, as it is. */
    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a report of " + topic + " without " + name);
        }
        return value;
    }

    /** Returns the line. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(MARK).append(topic);
        values.forEach(
                (name, value) -> line.append(' ').append(name).append('=').append(value));
        return line.toString();
    }
}

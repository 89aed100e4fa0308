/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.list;

import io.machframe.surface.stream.StreamDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Streams as a table for a reader, and as JSON for a program. */
final class StreamTable {
    private static final List<String> HEADINGS = List.of("NAME", "SIZE", "FORMAT", "APPLICATION", "PID");

    /** A longer name moves the rest of its own line only. */
    private static final int WIDEST = 40;

    private StreamTable() {}

    static String text(List<StreamDescription> streams) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        streams.forEach(stream -> rows.add(row(stream)));
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(row.get(column));
                if (column + 1 < row.size()) {
                    int gap = width(rows, column) - length(row.get(column));
                    line.append(" ".repeat(Math.max(0, gap) + 2));
                }
            }
            text.append(line).append(System.lineSeparator());
        }
        return text.toString();
    }

    static String json(List<StreamDescription> streams) {
        return streams.stream().map(StreamTable::object).collect(Collectors.joining(",", "[", "]"));
    }

    private static List<String> row(StreamDescription stream) {
        return List.of(
                stream.name(),
                stream.format().width() + "x" + stream.format().height(),
                stream.format().pixelFormat().toString(),
                stream.application().isEmpty() ? "-" : stream.application(),
                Long.toString(stream.pid()));
    }

    private static String object(StreamDescription stream) {
        return String.format(
                "{\"name\":%s,\"width\":%d,\"height\":%d,\"format\":%s,\"application\":%s,\"pid\":%d}",
                quoted(stream.name()),
                stream.format().width(),
                stream.format().height(),
                quoted(stream.format().pixelFormat().toString()),
                quoted(stream.application()),
                stream.pid());
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", c));
            } else {
                json.append((char) c);
            }
        });
        return json.append('"').toString();
    }

    private static int width(List<List<String>> rows, int column) {
        return Math.min(
                WIDEST,
                rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0));
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}

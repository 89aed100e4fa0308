/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.list;

import static io.machframe.demos.list.JsonText.quoted;

import io.machframe.surface.stream.ServerStatistics;
import io.machframe.surface.stream.StreamDescription;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Streams as a table for a reader, and as JSON for a program. */
final class StreamTable {
    private static final List<String> HEADINGS =
            List.of("NAME", "SIZE", "FORMAT", "APPLICATION", "PID", "CLIENTS", "RATE");

    /**
     * A stream and how it does.
     *
     * @param figures null if its publisher did not answer
     */
    record Line(StreamDescription stream, @Nullable ServerStatistics figures) {}

    private StreamTable() {}

    static String text(List<Line> lines) {
        TextTable table = new TextTable(HEADINGS);
        lines.forEach(line -> table.add(row(line)));
        return table.toString();
    }

    static String json(List<Line> lines) {
        return lines.stream().map(StreamTable::object).collect(Collectors.joining(",", "[", "]"));
    }

    private static List<String> row(Line line) {
        StreamDescription stream = line.stream();
        ServerStatistics figures = line.figures();
        return List.of(
                stream.name(),
                stream.format().width() + "x" + stream.format().height(),
                stream.format().pixelFormat().toString(),
                stream.application().isEmpty() ? "-" : stream.application(),
                Long.toString(stream.pid()),
                figures == null ? "?" : Integer.toString(figures.clients().size()),
                figures == null ? "?" : rate(figures));
    }

    private static String object(Line line) {
        StreamDescription stream = line.stream();
        ServerStatistics figures = line.figures();
        return String.format(
                "{\"name\":%s,\"width\":%d,\"height\":%d,\"format\":%s,\"application\":%s,\"pid\":%d,"
                        + "\"clients\":%s,\"rate\":%s}",
                quoted(stream.name()),
                stream.format().width(),
                stream.format().height(),
                quoted(stream.format().pixelFormat().toString()),
                quoted(stream.application()),
                stream.pid(),
                figures == null ? "null" : figures.clients().size(),
                figures == null ? "null" : rate(figures));
    }

    private static String rate(ServerStatistics figures) {
        return String.format(Locale.ROOT, "%.1f", figures.framesPerSecond());
    }
}

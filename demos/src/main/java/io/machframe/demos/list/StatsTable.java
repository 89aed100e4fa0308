/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.list;

import static io.machframe.demos.list.JsonText.quoted;

import io.machframe.surface.stream.Latency;
import io.machframe.surface.stream.ServerStatistics;
import io.machframe.surface.stream.StreamClient;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The statistics of one stream as a table for a reader, and as JSON for a program, with the rates between two looks. */
final class StatsTable {
    private static final List<String> HEADINGS = List.of(
            "CLIENT",
            "PID",
            "FPS",
            "DELIVERED",
            "REPLACED",
            "DROPPED",
            "TIMED OUT",
            "WAITING",
            "HELD",
            "MEDIAN",
            "99 %",
            "MAX");

    private final String name;
    private Map<Integer, Long> delivered = new HashMap<>();
    private long looked;

    StatsTable(String name) {
        this.name = name;
    }

    /** Returns the frames per second that each client took since the last look, by its id. */
    private Map<Integer, Double> rates(ServerStatistics figures, long now) {
        double seconds = (double) (now - looked) / TimeUnit.SECONDS.toNanos(1);
        Map<Integer, Double> rates = new HashMap<>();
        Map<Integer, Long> seen = new HashMap<>();
        for (StreamClient client : figures.clients()) {
            Long before = delivered.get(client.id());
            rates.put(client.id(), before == null ? 0 : (client.delivered() - before) / Math.max(1e-9, seconds));
            seen.put(client.id(), client.delivered());
        }
        delivered = seen;
        looked = now;
        return rates;
    }

    String text(ServerStatistics figures, long now) {
        Map<Integer, Double> rates = rates(figures, now);
        String head = String.format(
                Locale.ROOT,
                "%s: %d frames published, %.1f per second; %d surfaces, at most %d; %d reclaimed, %d drafts forgotten%n",
                name,
                figures.published(),
                figures.framesPerSecond(),
                figures.surfaces(),
                figures.mostSurfaces(),
                figures.reclaimed(),
                figures.forgottenDrafts());
        TextTable table = new TextTable(HEADINGS);
        figures.clients().forEach(client -> table.add(row(client, rates.getOrDefault(client.id(), 0.0))));
        return head + table;
    }

    private static List<String> row(StreamClient client, double rate) {
        Latency latency = client.latency();
        return List.of(
                Integer.toString(client.id()),
                Integer.toString(client.pid()),
                String.format(Locale.ROOT, "%.1f", rate),
                Long.toString(client.delivered()),
                Long.toString(client.replaced()),
                Long.toString(client.dropped()),
                Long.toString(client.timedOut()),
                Integer.toString(client.waiting()),
                Integer.toString(client.held()),
                micros(latency.medianNanos()),
                micros(latency.p99Nanos()),
                micros(latency.maxNanos()));
    }

    private static String micros(long nanos) {
        return nanos == 0 ? "-" : TimeUnit.NANOSECONDS.toMicros(nanos) + " µs";
    }

    String json(ServerStatistics figures, long now) {
        Map<Integer, Double> rates = rates(figures, now);
        String clients = figures.clients().stream()
                .map(client -> object(client, rates.getOrDefault(client.id(), 0.0)))
                .collect(Collectors.joining(",", "[", "]"));
        return String.format(
                Locale.ROOT,
                "{\"name\":%s,\"published\":%d,\"rate\":%.1f,\"surfaces\":%d,\"mostSurfaces\":%d,\"reclaimed\":%d,"
                        + "\"forgottenDrafts\":%d,\"clients\":%s}%n",
                quoted(name),
                figures.published(),
                figures.framesPerSecond(),
                figures.surfaces(),
                figures.mostSurfaces(),
                figures.reclaimed(),
                figures.forgottenDrafts(),
                clients);
    }

    private static String object(StreamClient client, double rate) {
        Latency latency = client.latency();
        return String.format(
                Locale.ROOT,
                "{\"id\":%d,\"pid\":%d,\"ready\":%b,\"rate\":%.1f,\"offered\":%d,\"delivered\":%d,\"replaced\":%d,"
                        + "\"dropped\":%d,\"timedOut\":%d,\"waiting\":%d,\"held\":%d,\"latencyNanos\":{\"count\":%d,"
                        + "\"median\":%d,\"p90\":%d,\"p99\":%d,\"p999\":%d,\"max\":%d}}",
                client.id(),
                client.pid(),
                client.ready(),
                rate,
                client.offered(),
                client.delivered(),
                client.replaced(),
                client.dropped(),
                client.timedOut(),
                client.waiting(),
                client.held(),
                latency.count(),
                latency.medianNanos(),
                latency.p90Nanos(),
                latency.p99Nanos(),
                latency.p999Nanos(),
                latency.maxNanos());
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench messages}: sends messages, in turns with C programs that do the same, and prints tables. */
@Command(
        name = "messages",
        description = {
            "Measures messages between two processes and calls within one.",
            "In turns with each, C programs do the same over the same kind of socket; needs a C compiler."
        },
        showDefaultValues = true,
        footerHeading = "%nExample:%n",
        footer = "  demos/run bench messages --repetitions 5")
final class MessagesCommand implements Callable<Integer> {
    private static final int WARM_UP = 30_000;
    private static final int WARM_UP_RATE = 5_000;
    private static final int TRACED = 1_000;
    private static final int TRACED_RATE = 500;
    private static final List<Integer> SENDERS = List.of(1, 4, 16);
    private static final List<Integer> MEMBERS = List.of(1, 100, 1000);

    @Option(names = "--repetitions", paramLabel = "N", description = "Rounds of each kind.", defaultValue = "15")
    private int repetitions;

    @Option(names = "--messages", paramLabel = "N", description = "Messages of a round.", defaultValue = "5000")
    private int messages;

    @Option(names = "--rate", paramLabel = "N", description = "Messages per second when paced.", defaultValue = "200")
    private double rate;

    @Option(names = "--seconds", paramLabel = "S", description = "Length of a paced round.", defaultValue = "1")
    private double seconds;

    @Override
    public Integer call() throws IOException {
        String load = Machine.load();
        Table.line("%s; load %s before", Machine.description(), load);
        try (FloorProgram floor = FloorProgram.compile("messages")) {
            between(floor);
            within(floor);
            throughput(floor);
        }
        Table.line("%nload %s after", Machine.load());
        return 0;
    }

    private void between(FloorProgram floor) throws IOException {
        for (MessageCargo cargo : MessageCargo.values()) {
            try (Pair library = JavaPair.start(cargo, 1);
                    Pair c = floor.start(List.of(cargo.toString(), "1"))) {
                progress(cargo + " between processes");
                library.run(new Round(Mode.PING_PONG, WARM_UP, rate));
                library.run(new Round(Mode.PACED, WARM_UP, WARM_UP_RATE));
                Table.heading(
                        "a message of 100 bytes" + (cargo == MessageCargo.RIGHT ? " and a send right" : "")
                                + ", one way",
                        "mode | library p50, us | p99 | max | C p50, us | p99 | max | library : C"
                                + " | garbage: sender | receiver");
                latencies(paced(), library, c);
                latencies(new Round(Mode.PING_PONG, messages, rate), library, c);
                if (Machine.has("strace")) {
                    Round traced = new Round(Mode.PACED, TRACED, TRACED_RATE);
                    Table.line(
                            "%nsystem calls, paced: sender %s",
                            Table.systemCalls(traced, library.publisher(), library));
                    Table.line("receiver %s", Table.systemCalls(traced, library.consumer(), library));
                }
            }
        }
    }

    private Round paced() {
        return new Round(Mode.PACED, (int) Math.max(1, rate * seconds), rate);
    }

    private void latencies(Round round, Pair libraryPair, Pair cPair) throws IOException {
        Series library = new Series();
        Series c = new Series();
        for (int i = 0; i < repetitions; i++) {
            library.add(libraryPair.run(round));
            c.add(cPair.run(round));
        }
        Table.row(
                "%s | %s | %s | %s | %.0f | %.0f",
                round.mode(),
                Table.percentiles(library),
                Table.percentiles(c),
                library.over(c),
                library.publisherBytesPerFrame(),
                library.consumerBytesPerFrame());
    }

    private void throughput(FloorProgram floor) throws IOException {
        Table.heading(
                "messages of 100 bytes a second, as fast as they go", "threads that send | library | C | C : library");
        for (int senders : SENDERS) {
            try (Pair libraryPair = JavaPair.start(MessageCargo.BYTES, senders);
                    Pair cPair = floor.start(List.of(MessageCargo.BYTES.toString(), "" + senders))) {
                progress(senders + " senders");
                Round round = new Round(Mode.FREE, 10 * messages / senders * senders, rate);
                libraryPair.run(new Round(Mode.FREE, WARM_UP / senders * senders, rate));
                List<Double> ratios = new ArrayList<>();
                Series library = new Series();
                Series c = new Series();
                for (int i = 0; i < repetitions; i++) {
                    Outcome mine = libraryPair.run(round);
                    Outcome other = cPair.run(round);
                    ratios.add((double) mine.nanos() / other.nanos());
                    library.add(mine);
                    c.add(other);
                }
                Table.row(
                        "%d | %s | %s | %s",
                        senders,
                        Table.count(library.receivedPerSecond()),
                        Table.count(c.receivedPerSecond()),
                        ratio(ratios));
            }
        }
    }

    private void within(FloorProgram floor) throws IOException {
        Table.heading(
                "calls within one process, microseconds of CPU", "calls | library | C | library : C | garbage, bytes");
        try (Peer library = Peer.start("local", JavaPair.command(LocalCalls.class));
                Peer c = floor.start("local")) {
            progress("calls within one process");
            compare("send and receive 100 bytes", "pair", library, c, "pair");
            compare("allocate and destroy a port", "port", library, c, "port");
            for (int members : MEMBERS) {
                // The floor is the library itself, without a set.
                compare("send, receive by a set of " + members, "set" + members, library, c, "pair");
            }
        }
    }

    private void compare(String what, String mine, Peer library, Peer c, String floor) throws IOException {
        ask(library, mine, 4 * messages);
        double[] own = new double[repetitions];
        double[] other = new double[repetitions];
        double[] ratios = new double[repetitions];
        double garbage = Double.MAX_VALUE;
        for (int i = 0; i < repetitions; i++) {
            double[] answer = ask(library, mine, messages);
            garbage = Math.min(garbage, answer[0]);
            own[i] = answer[1] / 1e3;
            other[i] = ask(c, floor, messages)[1] / 1e3;
            ratios[i] = own[i] / other[i];
        }
        Table.row(
                "%s | %.2f | %.2f | %s | %.0f",
                what, Ratio.of(own).median(), Ratio.of(other).median(), Ratio.of(ratios), garbage);
    }

    /** Returns the bytes allocated and the nanoseconds. */
    private static double[] ask(Peer peer, String calls, int count) throws IOException {
        peer.order(calls + " " + count);
        String[] words = peer.answer().split(" ", 2);
        return new double[] {Double.parseDouble(words[0]), Double.parseDouble(words[1])};
    }

    private static Ratio ratio(List<Double> ratios) {
        return Ratio.of(ratios.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static void progress(String what) {
        System.err.println(what + "...");
    }
}

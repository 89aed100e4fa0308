/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** The outcomes of one kind of round, in the order of its repetitions. */
final class Series {
    private final Histogram latencies = Outcome.histogram();
    private final List<Outcome> outcomes = new ArrayList<>();

    void add(Outcome outcome) {
        outcomes.add(outcome);
        latencies.add(outcome.latencies());
    }

    double micros(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    double maxMicros() {
        return latencies.getMaxValue() / 1e3;
    }

    long received() {
        return latencies.getTotalCount();
    }

    long skipped() {
        return outcomes.stream().mapToLong(Outcome::skipped).sum();
    }

    double receivedPerSecond() {
        return received() * 1e9 / outcomes.stream().mapToLong(Outcome::nanos).sum();
    }

    double publishedPerSecond() {
        return (received() + skipped())
                * 1e9
                / outcomes.stream().mapToLong(Outcome::nanos).sum();
    }

    /** Returns the garbage of the round that made least: what others made more, the first round's compiler, say, did. */
    double publisherBytesPerFrame() {
        return outcomes.stream()
                .mapToDouble(each -> (double) each.publisherBytes() / each.frames())
                .min()
                .orElseThrow();
    }

    /** Returns the publisher's processor time for a frame, of the round that took least. */
    double processorMicrosPerFrame() {
        return outcomes.stream()
                .mapToDouble(each -> each.processorNanos() / 1e3 / each.frames())
                .min()
                .orElseThrow();
    }

    double consumerBytesPerFrame() {
        return outcomes.stream()
                .mapToDouble(each -> (double) each.consumerBytes() / each.frames())
                .min()
                .orElseThrow();
    }

    /** Compares with a series measured in turns with this one, repetition by repetition: ratios of the medians. */
    Ratio over(Series other) {
        double[] ratios = new double[outcomes.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] =
                    (double) outcomes.get(i).median() / other.outcomes.get(i).median();
        }
        return Ratio.of(ratios);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench calls}: measures single calls within one process, with JMH. */
@Command(
        name = "calls",
        description = "Measures single calls within one process, with JMH.",
        showDefaultValues = true,
        footerHeading = "%nExample:%n",
        footer = "  demos/run bench calls Surface --forks 1")
final class CallsCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "PATTERN",
            description = "The benchmarks to run, a regular expression.",
            defaultValue = "CallBenchmark")
    private String pattern = "";

    @Option(names = "--forks", paramLabel = "N", description = "Virtual machines for each.", defaultValue = "2")
    private int forks;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description = "Seconds in each, after as many to warm up.",
            defaultValue = "5")
    private int iterations;

    @Override
    public Integer call() throws RunnerException {
        TimeValue second = TimeValue.seconds(1);
        new Runner(new OptionsBuilder()
                        .include(pattern)
                        .forks(forks)
                        .warmupIterations(iterations)
                        .warmupTime(second)
                        .measurementIterations(iterations)
                        .measurementTime(second)
                        .build())
                .run();
        return 0;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.linux.port.LinuxKernels;
import io.machframe.core.testing.FakeKernel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Replays what a real Mach kernel answered, and XNU's answer where its source says otherwise, on each kernel of this
 * library. {@code -Dmachframe.oracle.traces=FILE} replays another file; then what is expected to fail is not known, and
 * nothing may.
 */
final class MachOracleTest {
    private static final String FILE = System.getProperty("machframe.oracle.traces", "");

    /** What cannot be as in the traces, or not yet, and why. */
    private static final Map<String, String> EXPECTED_TO_DIFFER =
            Map.of("F05", "Linux collects a circle of ports some milliseconds after it was closed, not in the call");

    private static final Map<String, String> DIFFER_WHEN_KILLED = Map.of(
            "D20", "a port that the killed process made itself dies, whoever asked for it; its kernel is dead as well");

    @Test
    @Timeout(300)
    @EnabledOnOs(OS.LINUX)
    void socketsAnswerAsMachDoes() throws Exception {
        Set<String> failures = failures("linux", any -> true, first -> OracleTask.of(LinuxKernels.newTask()));

        failures.removeAll(expected()); // one of them depends on how soon the system collects
        assertEquals(Set.of(), failures);
    }

    /** Each further task of a scenario is a process, which ends by SIGKILL. */
    @Test
    @Timeout(300)
    @EnabledOnOs(OS.LINUX)
    void processesAnswerAsMachDoes() throws Exception {
        int[] started = new int[1];
        String name = "oracle." + ProcessHandle.current().pid() + ".";
        Set<String> failures = failures("processes", Scenario::hasSeveralTasks, first -> {
            return first == null
                    ? OracleProcess.first(name + ++started[0])
                    : OracleProcess.start(name + started[0], first);
        });

        Set<String> expected = FILE.isEmpty() ? DIFFER_WHEN_KILLED.keySet() : Set.of();
        assertEquals(expected, failures);
    }

    @Test
    @Timeout(300)
    void theFakeAnswersAsMachDoes() throws Exception {
        Set<String> expected = new TreeSet<>(expected());
        expected.remove("F05"); // circles are seen at once in memory

        FakeKernel kernel = new FakeKernel();
        assertEquals(expected, failures("fake", any -> true, first -> OracleTask.of(kernel.newTask())));
    }

    private static Set<String> expected() {
        return FILE.isEmpty() ? new TreeSet<>(EXPECTED_TO_DIFFER.keySet()) : Set.of();
    }

    private static Set<String> failures(
            String kernel, Predicate<Scenario> wanted, UnaryOperator<@Nullable OracleTask> newTask) throws Exception {
        List<Scenario> scenarios = new ArrayList<>(FILE.isEmpty() ? Scenario.shared() : Scenario.read(Path.of(FILE)));
        Map<String, Map<Integer, String>> consequences = FILE.isEmpty() ? Scenario.consequences() : Map.of();
        Set<String> failed = new TreeSet<>();
        scenarios.removeIf(wanted.negate());
        for (Scenario scenario : scenarios) {
            Replay replay = new Replay(scenario, consequences.getOrDefault(scenario.id(), Map.of()), newTask);
            String difference = replay.run();
            System.out.println(scenario.id() + " " + kernel + " " + (difference == null ? "pass" : difference));
            replay.consequencesMet().forEach(met -> System.out.println("    follows: " + met));
            if (difference != null) {
                failed.add(scenario.id());
            }
        }
        int passed = scenarios.size() - failed.size();
        System.out.println(kernel + ": " + passed + " of " + scenarios.size() + " scenarios pass");
        return failed;
    }
}

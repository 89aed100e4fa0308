/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.corefoundation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.machframe.core.testing.RightsLedger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Asks our run loop what Apple's CFRunLoop was asked, and compares the answers. {@code run-loop-traces.txt} has what
 * CoreFoundation of Swift 6.2.3 answered on Linux; {@code run-loop-differences.txt} has the few that ours answers
 * otherwise, each with its reason, and what ours must answer then.
 */
@Timeout(300)
@ExtendWith(RightsLedger.class)
final class RunLoopTracesTest {
    private static final int AT_ONCE = 6;

    /** A machine that stalls can only make an answer wrong, never right: so it is asked again, each time slower. */
    private static final double[] SLOWNESS = {0.5, 1, 2, 4, 8};

    private final Map<String, Trace.Script> scripts = scripts();
    private final Map<String, String> recorded = read("run-loop-traces.txt");
    private final Map<String, String> differences = read("run-loop-differences.txt");

    private static Map<String, Trace.Script> scripts() {
        Map<String, Trace.Script> scripts = new TreeMap<>();
        RunScripts.addTo(scripts);
        TimerScripts.addTo(scripts);
        SourceScripts.addTo(scripts);
        return scripts;
    }

    /** Reads lines of a number, what is asked and, after the last colon, the answer. */
    private static Map<String, String> read(String file) {
        Map<String, String> answers = new LinkedHashMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(RunLoopTracesTest.class.getResourceAsStream("/cf-oracle/" + file)),
                StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith("#")) {
                    int colon = line.lastIndexOf(": ");
                    answers.put(
                            line.substring(0, line.indexOf(' ')),
                            line.substring(colon + 2).strip());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return answers;
    }

    @Test
    void everyTraceHasAScript() {
        assertEquals(148, recorded.size());
        assertEquals(recorded.keySet().stream().sorted().toList(), List.copyOf(scripts.keySet()));
    }

    @TestFactory
    List<DynamicTest> eachTraceIsAsCoreFoundationHasItOrAsIsSaid() throws Exception {
        Map<String, Future<String>> answers = new LinkedHashMap<>();
        ExecutorService several = Executors.newFixedThreadPool(AT_ONCE);
        try {
            recorded.keySet().forEach(number -> answers.put(number, several.submit(() -> answer(number))));
            List<DynamicTest> tests = new ArrayList<>();
            for (Map.Entry<String, Future<String>> each : answers.entrySet()) {
                String number = each.getKey();
                String answer = each.getValue().get();
                tests.add(dynamicTest(
                        "trace " + number,
                        () -> assertTrue(
                                expected(number).contains(answer),
                                () -> "expected " + expected(number) + ": " + answer)));
            }
            return tests;
        } finally {
            several.shutdown();
        }
    }

    /** Returns the answers that are right; several where chance decides. */
    private Set<String> expected(String number) {
        return Set.of(differences.getOrDefault(number, recorded.get(number)).split(" or "));
    }

    private String answer(String number) throws InterruptedException {
        String answer = "";
        for (double slowness : SLOWNESS) {
            answer = Trace.of(scripts.get(number), slowness);
            if (expected(number).contains(answer)) {
                break;
            }
        }
        return answer;
    }

    @Test
    void noDifferenceIsSaidThatIsNone() {
        differences.forEach((number, answer) -> assertNotEquals(recorded.get(number), answer, number));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Prints one line at the end of a test run: which tests did not run here, and why. Nothing if all did. */
public final class SkippedTests implements TestExecutionListener {
    private final Map<String, Set<String>> classesByReason = new TreeMap<>();

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        note(test, reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            note(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        String line = line();
        if (!line.isEmpty()) {
            System.out.println(line);
        }
    }

    private synchronized void note(TestIdentifier test, String reason) {
        String plain = reason.replaceFirst("^.*==> ", "").replaceFirst("^Assumption failed: ", "");
        classesByReason.computeIfAbsent(plain, unused -> new TreeSet<>()).add(name(test));
    }

    /** Returns the line without its end, or nothing. */
    synchronized String line() {
        return classesByReason.isEmpty()
                ? ""
                : classesByReason.entrySet().stream()
                        .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
                        .collect(Collectors.joining("; ", "Not run here: ", ""));
    }

    private static String name(TestIdentifier test) {
        String name = test.getSource()
                .map(source -> {
                    if (source instanceof MethodSource method) {
                        return method.getClassName();
                    }
                    return source instanceof ClassSource type ? type.getClassName() : test.getDisplayName();
                })
                .orElse(test.getDisplayName());
        return name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
    }
}

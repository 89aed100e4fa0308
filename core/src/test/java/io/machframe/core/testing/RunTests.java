/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs test classes of this class path without a build, for machines that have no more than a JVM. */
public final class RunTests {
    private RunTests() {}

    /** Prints one line for each test. Ends with 0 if some passed and none failed. */
    public static void main(String[] classes) {
        Report report = new Report();
        LauncherFactory.create().execute(request(classes), report);
        System.out.println(report.passed + " passed, " + report.skipped + " skipped, " + report.failed + " failed");
        System.exit(report.passed > 0 && report.failed == 0 ? 0 : 1);
    }

    private static LauncherDiscoveryRequest request(String[] classes) {
        Set<Path> roots = Arrays.stream(System.getProperty("java.class.path").split(":"))
                .filter(path -> path.endsWith("test-classes"))
                .map(Path::of)
                .collect(Collectors.toSet());
        String[] names = Arrays.stream(classes)
                .map(name -> "(.*\\.)?" + Pattern.quote(name))
                .toArray(String[]::new);
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClasspathRoots(roots))
                .filters(ClassNameFilter.includeClassNamePatterns(names))
                .build();
    }

    private static final class Report implements TestExecutionListener {
        private int passed;
        private int skipped;
        private int failed;

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            skipped++;
            print("skipped", test, reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            String why = result.getThrowable().map(Throwable::toString).orElse("");
            switch (result.getStatus()) {
                case SUCCESSFUL -> {
                    if (test.isTest()) {
                        passed++;
                        print("passed", test, why);
                    }
                }
                case ABORTED -> executionSkipped(test, why);
                case FAILED -> {
                    failed++;
                    print("FAILED", test, why);
                    result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(System.out));
                }
            }
        }

        private static void print(String what, TestIdentifier test, String why) {
            String name = test.getUniqueIdObject().getSegments().stream()
                    .skip(1) // the engine
                    .map(segment -> segment.getValue())
                    .collect(Collectors.joining(" "));
            System.out.println(what + "  " + name + "  " + why);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */

/** Small programs, one per idea, and the benchmarks. */
@org.jspecify.annotations.NullMarked
module io.machframe.demos {
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;
    requires info.picocli;
    requires io.machframe.surface;
    requires io.machframe.viewer;
    requires jdk.management;
    requires jmh.core;
    requires HdrHistogram;

    opens io.machframe.demos.bench to
            info.picocli;
}

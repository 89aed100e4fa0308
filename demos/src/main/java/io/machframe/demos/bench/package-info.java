/* SPDX-License-Identifier: Apache-2.0 */

/** Benchmarks: frames handed from process to process beside a floor written in C, and single calls. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos.bench;

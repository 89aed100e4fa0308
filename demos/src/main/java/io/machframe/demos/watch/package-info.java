/* SPDX-License-Identifier: Apache-2.0 */

/** Receives a stream without a window, measures and checks it. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos.watch;

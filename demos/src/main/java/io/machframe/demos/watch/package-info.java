/* SPDX-License-Identifier: Apache-2.0 */

/** Receives a stream without a window, measures and checks it. */
package io.machframe.demos.watch;

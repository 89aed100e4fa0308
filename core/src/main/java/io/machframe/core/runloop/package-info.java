/* SPDX-License-Identifier: Apache-2.0 */

/** Run loops: one thread that waits for messages, timers and signals at once, and the ports that are served by them. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.runloop;

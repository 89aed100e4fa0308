/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Run loops: one thread that waits for messages, timers and signals at once, and the ports that are served by them.
 *
 * {@snippet class="io.machframe.core.examples.RunLoopExampleTest" region="run"}
 *
 * <p>This package and the two above it, {@code machport} and {@code messageport}, are CoreFoundation's CFRunLoop,
 * CFMachPort and CFMessagePort in Java. Where CoreFoundation has two ways to do one thing, or an answer that
 * surprises, they have it too: a program that moves from C finds what it knew, and on macOS the peer may be a program
 * in C. Each difference is listed, with its reason, in {@code core/docs/run-loops.md}. Code that needs none of that
 * uses ports and messages directly.
 */
@org.jspecify.annotations.NullMarked
package io.machframe.core.runloop;

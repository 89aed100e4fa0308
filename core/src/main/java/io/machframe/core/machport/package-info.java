/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Mach ports that call a listener for each message, and report when they become invalid: {@code CFMachPort}, with its
 * semantics (see {@link io.machframe.core.runloop}): one object for a name in a process, whoever made it first.
 *
 * {@snippet class="io.machframe.core.examples.MachPortExampleTest" region="listen"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.core.machport;

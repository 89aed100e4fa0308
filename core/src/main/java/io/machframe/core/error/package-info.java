/* SPDX-License-Identifier: Apache-2.0 */

/**
 * What can go wrong in a Mach call, as exceptions. All extend {@link io.machframe.core.error.MachException}, which
 * names the C function and its return code ({@link io.machframe.core.error.KernReturn}); the codes that a program
 * often acts on have a type of their own.
 *
 * {@snippet class="io.machframe.core.examples.ErrorExampleTest" region="codes"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.core.error;

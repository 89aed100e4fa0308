/* SPDX-License-Identifier: Apache-2.0 */

/** {@code CFMachPort}: a Mach port that calls back from a run loop and tells when it becomes invalid. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.machport;

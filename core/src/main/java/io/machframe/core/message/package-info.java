/* SPDX-License-Identifier: Apache-2.0 */

/** Mach messages: building, sending, receiving and reading them. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.message;

/* SPDX-License-Identifier: Apache-2.0 */

/** What Mach calls answer: return codes, decoded in one place, and the exceptions made of them. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.error;

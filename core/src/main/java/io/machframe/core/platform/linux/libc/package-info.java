/* SPDX-License-Identifier: Apache-2.0 */

/** The C library's calls and what wraps one descriptor: wake-ups, deadlines, polls, socket addresses, errors. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.platform.linux.libc;

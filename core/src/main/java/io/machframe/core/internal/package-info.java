/* SPDX-License-Identifier: Apache-2.0 */

/** What this library's own packages may do with rights, and its users may not. Not exported to them. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.internal;

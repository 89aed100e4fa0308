/* SPDX-License-Identifier: Apache-2.0 */

/** Replays what a real Mach kernel answered, at the seam. */
package io.machframe.core.oracle;

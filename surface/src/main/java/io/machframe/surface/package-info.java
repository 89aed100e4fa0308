/* SPDX-License-Identifier: Apache-2.0 */

/** Surfaces: pixels in memory that processes share without copying. */
package io.machframe.surface;

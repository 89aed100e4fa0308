/* SPDX-License-Identifier: Apache-2.0 */

/** The keys and constants by which surfaces are described. */
package io.machframe.surface.property;

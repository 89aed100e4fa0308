/* SPDX-License-Identifier: Apache-2.0 */

/** Surfaces seen as pictures. */
package io.machframe.demos.surfaces;

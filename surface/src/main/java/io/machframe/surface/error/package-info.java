/* SPDX-License-Identifier: Apache-2.0 */

/** Why a surface could not be made, shared or used. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.error;

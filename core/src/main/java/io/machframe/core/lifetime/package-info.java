/* SPDX-License-Identifier: Apache-2.0 */

/** Who owns what: the states of an owner from open to closed or moved, and the detection of forgotten ones. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.lifetime;

/* SPDX-License-Identifier: Apache-2.0 */

/** A viewer of served frames. */
@org.jspecify.annotations.NullMarked
package io.machframe.viewer;

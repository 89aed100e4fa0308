/* SPDX-License-Identifier: Apache-2.0 */

/** Lists what is published. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos.list;

/* SPDX-License-Identifier: Apache-2.0 */

/** Tells what is published, and how it does. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos.list;

/* SPDX-License-Identifier: Apache-2.0 */

/** Where the planes, rows and pixels of a surface are: what is asked for, the rules, and the answer. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.layout;

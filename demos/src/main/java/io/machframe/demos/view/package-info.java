/* SPDX-License-Identifier: Apache-2.0 */

/** Shows a stream in a window. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos.view;

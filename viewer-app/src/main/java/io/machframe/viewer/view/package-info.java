/* SPDX-License-Identifier: Apache-2.0 */

/** The panes of the viewer. */
@org.jspecify.annotations.NullMarked
package io.machframe.viewer.view;

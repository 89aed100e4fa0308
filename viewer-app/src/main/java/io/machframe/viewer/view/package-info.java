/* SPDX-License-Identifier: Apache-2.0 */

/** The panes of the viewer. */
package io.machframe.viewer.view;

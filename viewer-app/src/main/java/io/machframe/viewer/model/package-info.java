/* SPDX-License-Identifier: Apache-2.0 */

/** What the viewer shows, free of any stage or scene. */
@org.jspecify.annotations.NullMarked
package io.machframe.viewer.model;

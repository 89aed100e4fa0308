/* SPDX-License-Identifier: Apache-2.0 */

/** The command line: the viewer's options, and what all programs of Machframe have in common. */
@org.jspecify.annotations.NullMarked
package io.machframe.viewer.command;

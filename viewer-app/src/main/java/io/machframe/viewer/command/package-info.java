/* SPDX-License-Identifier: Apache-2.0 */

/** The command line: the viewer's options, and what all programs of Machframe have in common. */
package io.machframe.viewer.command;

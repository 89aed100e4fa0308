/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.plist;

/**
 * Stands in a decoded dictionary for a value that could not be read.
 *
 * @param reason what is wrong with it
 */
public record Unreadable(String reason) {}

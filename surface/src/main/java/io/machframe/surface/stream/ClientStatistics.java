/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * What a client got so far.
 *
 * @param received frames received
 * @param skipped frames published since it connected that a newer one replaced before it was taken
 */
public record ClientStatistics(long received, long skipped) {}

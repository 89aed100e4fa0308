/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * What a client got so far.
 *
 * @param received frames received
 * @param skipped frames published since it connected that it did not get
 * @param held frames that are open now
 * @param mostHeld the most that were open at a time
 * @param leaked frames that were forgotten instead of closed
 */
public record ClientStatistics(long received, long skipped, int held, int mostHeld, long leaked) {}

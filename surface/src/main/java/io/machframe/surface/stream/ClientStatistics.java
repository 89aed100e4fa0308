/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * What a client got so far.
 *
 * @param connections how often it connected: at most once, unless it follows a name
 * @param received frames received
 * @param skipped frames published while it was connected that it did not get
 * @param held frames that are open now
 * @param mostHeld the most that were open at a time
 * @param leaked frames that were forgotten instead of closed
 */
public record ClientStatistics(int connections, long received, long skipped, int held, int mostHeld, long leaked) {
    static final ClientStatistics NONE = new ClientStatistics(0, 0, 0, 0, 0, 0);

    /** Returns what two connections got. */
    ClientStatistics plus(ClientStatistics more) {
        return new ClientStatistics(
                connections + more.connections,
                received + more.received,
                skipped + more.skipped,
                held + more.held,
                Math.max(mostHeld, more.mostHeld),
                leaked + more.leaked);
    }
}

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
 * @param framesPerSecond frames received per second, over the last one
 * @param latency how long frames took to it
 */
public record ClientStatistics(
        int connections,
        long received,
        long skipped,
        int held,
        int mostHeld,
        long leaked,
        double framesPerSecond,
        Latency latency) {
    static final ClientStatistics NONE = new ClientStatistics(0, 0, 0, 0, 0, 0, 0, Latency.NONE);

    /** Returns what two connections got, whose latencies are counted together. */
    ClientStatistics plus(ClientStatistics more) {
        return new ClientStatistics(
                connections + more.connections,
                received + more.received,
                skipped + more.skipped,
                held + more.held,
                Math.max(mostHeld, more.mostHeld),
                leaked + more.leaked,
                framesPerSecond + more.framesPerSecond,
                latency.count() > more.latency.count() ? latency : more.latency);
    }
}

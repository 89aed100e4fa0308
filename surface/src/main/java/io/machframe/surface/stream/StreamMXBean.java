/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import java.util.List;

/**
 * The statistics of a stream for JMX, as {@link ServerStatistics} has them: {@link FrameServer.Builder#managed}. Its name is {@code
 * io.machframe:type=Stream,name="..."}.
 */
public interface StreamMXBean {
    /** Returns the name of the stream. */
    String getName();

    /** Returns what the frames of the next drafts look like. */
    String getFormat();

    long getPublished();

    double getFramesPerSecond();

    int getSurfaces();

    int getMostSurfaces();

    long getReclaimed();

    long getForgottenDrafts();

    /** Returns how the clients do that are connected now. */
    List<Client> getClients();

    /** The statistics of a client, as {@link StreamClient} has them. */
    interface Client {
        int getId();

        int getPid();

        long getDelivered();

        long getReplaced();

        long getDropped();

        long getTimedOut();

        int getWaiting();

        int getHeld();

        long getMedianLatencyNanos();

        long getP99LatencyNanos();

        long getMaxLatencyNanos();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.surface.stream.link.Question;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Lists and watches the streams that processes of this user publish.
 *
 * <p>Each server keeps a file locked while it lives, so the list needs no event loop, asks no server, and does not show
 * one that was killed.
 */
public final class StreamDirectory {
    private StreamDirectory() {}

    /**
     * Returns the streams published now, by name. Thread-safe.
     *
     * @throws MachException if the directory cannot be opened, belongs to another user, or is open to others: as publishing
     */
    public static List<StreamDescription> list() throws MachException {
        List<StreamDescription> streams = StreamListing.readAll();
        streams.sort(Comparator.comparing(StreamDescription::name));
        return streams;
    }

    /**
     * Has a listener told of the streams published now, and from then on of each that appears, changes, or goes. No event
     * loop and no thread of the caller's is needed. On Linux the kernel tells of changes at once, a publisher's death
     * included; on macOS the list is looked at every second while somebody watches.
     *
     * @param executor where the listener is called, one call at a time
     * @throws MachException as {@link #list}, or if the system has no watch left to give
     */
    public static StreamWatch watch(Executor executor, StreamListener listener) throws MachException {
        return StreamWatch.open(executor, listener);
    }

    /**
     * Asks a server how its stream does, without becoming a client. The server's process answers, and is not held up.
     *
     * @param limit how long it may take: one that lives takes no time, unless it is stopped
     * @throws UnknownServiceException if nothing is published under that name
     * @throws MachException if it does not answer in time, answers nonsense, or ends meanwhile
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public static ServerStatistics statistics(String name, Duration limit) throws MachException, InterruptedException {
        Deadline.nanos(limit);
        try {
            return StatisticsBody.read(Question.ask(StreamName.service(name), name, limit));
        } catch (UnknownServiceException e) {
            throw StreamName.unknown(e, name);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import java.util.List;

/**
 * Notices what happens to ends of ports, in whatever process: deaths, last senders, room in queues. It may tell of
 * something that did not happen; who is told looks for himself. One thread at a time, but for {@link Listener}.
 */
public interface Watch {
    /** What can be watched for. */
    enum Event {
        /** Of a receive end: nobody holds a send right any more. */
        NO_SENDERS,
        /** Of a send end: the port died. */
        DEATH,
        /** Of a send end: the queue has room. */
        ROOM
    }

    /** Is run, by a thread of the watch's, when there is something that {@link #happened} has not told yet. */
    interface Listener {
        void somethingHappened();
    }

    /** Watches an end, which stays open until it is forgotten. A key can be watched for each event once. */
    void watch(PortEnd end, Event event, Object key) throws KernelException;

    /** Ends a watch, if there is one. */
    void forget(Event event, Object key);

    /** Returns the keys to which something happened since the last call, without waiting. */
    List<Object> happened();

    void close();
}

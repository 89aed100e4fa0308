/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.LiveFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one watch of this process on the list of streams: the system has few to give, so all who want to know share it. It
 * lasts as long as somebody does.
 */
final class StreamLookout implements LiveFiles.Watcher {
    /** Somebody who wants to know. Called by a thread that everybody else waits for. */
    interface Member {
        /**
         * Takes the list, by name.
         *
         * @param number counts up; a list may come after a newer one, and is to be ignored then
         */
        void listed(long number, Map<String, StreamDescription> streams);

        /** No list follows. */
        void failed(MachException reason);
    }

    private static final Object LOCK = new Object();
    private static @Nullable StreamLookout current;
    private static long lists;

    private final List<Member> members = new ArrayList<>();
    private LiveFiles files;
    private LiveFiles.Watch watch;
    private boolean ended;

    private StreamLookout() throws MachException {
        files = StreamListing.files();
        watch = begin();
    }

    private LiveFiles.Watch begin() throws MachException {
        try {
            return files.watch(this);
        } catch (MachException | RuntimeException | Error e) {
            files.close();
            throw e;
        }
    }

    /** Tells a member the list as it is now, and each later one. */
    static void join(Member member) throws MachException {
        long number;
        Map<String, StreamDescription> streams;
        synchronized (LOCK) {
            StreamLookout lookout = current;
            if (lookout == null) {
                lookout = new StreamLookout();
                current = lookout;
            }
            lookout.members.add(member);
            number = ++lists;
            streams = StreamListing.byName(lookout.files);
        }
        member.listed(number, streams);
    }

    static void leave(Member member) {
        synchronized (LOCK) {
            StreamLookout lookout = current;
            if (lookout != null && lookout.members.remove(member) && lookout.members.isEmpty()) {
                lookout.end();
            }
        }
    }

    private void end() {
        ended = true;
        watch.close();
        files.close();
        current = null;
    }

    @Override
    public void changed() {
        List<Member> told;
        long number;
        Map<String, StreamDescription> streams;
        synchronized (LOCK) {
            if (ended) {
                return;
            }
            told = List.copyOf(members);
            number = ++lists;
            streams = StreamListing.byName(files);
        }
        told.forEach(member -> member.listed(number, streams));
    }

    /** Somebody removed the directory: the next publisher makes another, unless this does before. */
    @Override
    public void lost() {
        List<Member> told;
        MachException failure;
        synchronized (LOCK) {
            if (ended) {
                return;
            }
            told = List.copyOf(members);
            failure = reopen();
        }
        if (failure == null) {
            changed();
        } else {
            told.forEach(member -> member.failed(failure));
        }
    }

    private @Nullable MachException reopen() {
        watch.close();
        files.close();
        try {
            files = StreamListing.files();
            watch = begin();
            return null;
        } catch (MachException e) {
            ended = true;
            current = null;
            return e;
        }
    }
}

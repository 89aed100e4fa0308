/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.LibraryThread;
import io.machframe.core.platform.LiveFiles;
import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.linux.libc.LibC;
import io.machframe.core.platform.linux.libc.Limits;
import io.machframe.core.platform.linux.libc.NativeMemory;
import io.machframe.core.platform.linux.libc.Waker;
import io.machframe.core.platform.linux.wire.Poller;
import io.machframe.core.platform.linux.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for inotify to tell of a directory of {@link LinuxLiveFiles}.
 *
 * <p>The directory above is watched as well: the kernel does not tell of the end of one that is open, as this one is.
 *
 * <p>A writer that dies leaves its file, and the kernel tells that it was closed; but it does so just before it drops the
 * lock. So a file that was closed and is still locked is looked at a few times more, until it is free, and then removed.
 */
final class LinuxLiveFilesWatch implements LiveFiles.Watch {
    private enum News {
        NOTHING,
        /** Something happened to a file, or more than the kernel could tell. */
        CHANGED,
        /** The directory is gone. */
        LOST
    }

    private static final int GONE = LibC.IN_DELETE | LibC.IN_MOVED_FROM;
    private static final int WATCHED = GONE | LibC.IN_MOVED_TO | LibC.IN_CLOSE_WRITE;
    private static final int EVENTS_SIZE = 8192;

    /** A closed file is looked at after 1, 2, 4 … milliseconds, so often at most. */
    private static final int MOST_LOOKS = 9;

    private final int inotify;
    private final LinuxLiveFiles files;
    private final LiveFiles.Watcher watcher;
    private final MessageBuffer events = NativeMemory.allocate(EVENTS_SIZE);
    private final Set<String> closing = new HashSet<>();
    private int looks;
    private boolean stopped;
    private @Nullable Waker waker;

    private LinuxLiveFilesWatch(int inotify, LinuxLiveFiles files, LiveFiles.Watcher watcher) {
        this.inotify = inotify;
        this.files = files;
        this.watcher = watcher;
    }

    /** Takes ownership of the files, whatever happens. */
    static LinuxLiveFilesWatch open(int directory, LinuxLiveFiles files, LiveFiles.Watcher watcher)
            throws MachException {
        int inotify = LibC.inotify_init1(LibC.IN_CLOEXEC | LibC.IN_NONBLOCK);
        try {
            String path = "/proc/self/fd/" + directory;
            if (inotify < 0
                    || LibC.inotify_add_watch(inotify, path, WATCHED) < 0
                    || LibC.inotify_add_watch(inotify, path + "/..", GONE) < 0) {
                throw failure(LibC.errno(), RuntimeDirectory.path());
            }
            LinuxLiveFilesWatch watch = new LinuxLiveFilesWatch(inotify, files, watcher);
            if (!LibraryThread.start("machframe-directory", watch::step)) {
                throw new MachException(
                        "pthread_create",
                        new KernReturn(KernReturn.KERN_RESOURCE_SHORTAGE),
                        "there is no thread to watch with");
            }
            return watch;
        } catch (MachException | RuntimeException | Error e) {
            release(inotify, files);
            throw e;
        }
    }

    private static void release(int inotify, LinuxLiveFiles files) {
        if (inotify >= 0) {
            LibC.close(inotify);
        }
        files.close();
    }

    static MachException failure(int errno, String place) {
        String why =
                switch (errno) {
                    case LibC.EMFILE ->
                        "this user has all the watches it may have (/proc/sys/fs/inotify/max_user_instances), or "
                                + Limits.explain(errno);
                    case LibC.ENOSPC -> "this user watches all it may (/proc/sys/fs/inotify/max_user_watches)";
                    default -> Limits.explain(errno);
                };
        return new MachException(
                "inotify_add_watch",
                new KernReturn(KernReturn.KERN_RESOURCE_SHORTAGE),
                place + " cannot be watched: " + why);
    }

    private boolean step() {
        Poller poller = Wire.current().poller();
        synchronized (this) {
            waker = poller.waker();
            if (stopped) {
                release(inotify, files);
                return false;
            }
        }
        settle();
        switch (readEvents()) {
            case LOST -> {
                close();
                watcher.lost();
            }
            case CHANGED -> watcher.changed();
            case NOTHING -> poller.await(inotify, closing.isEmpty() ? -1 : 1 << looks, false);
        }
        return true;
    }

    /** Removes what the dead left, of which the kernel then tells as of all that is removed. */
    private void settle() {
        closing.removeIf(file -> files.read(file) == null);
        if (closing.isEmpty() || ++looks > MOST_LOOKS) { // then another than its writer had it open
            closing.clear();
            looks = 0;
        }
    }

    private News readEvents() {
        News news = News.NOTHING;
        long size = LibC.read(inotify, events.address(), EVENTS_SIZE);
        for (int at = 0; at < size; ) {
            int mask = events.bytes().getInt(at + LibC.INOTIFY_MASK);
            int length = events.bytes().getInt(at + LibC.INOTIFY_LENGTH);
            String file = length == 0 ? "" : name(at);
            if ((mask & LibC.IN_UNMOUNT) != 0
                    || ((mask & LibC.IN_ISDIR) != 0 && (mask & GONE) != 0 && files.isIn(file))) {
                news = News.LOST;
            } else if (news == News.NOTHING && (files.isOurs(file) || (mask & LibC.IN_Q_OVERFLOW) != 0)) {
                news = News.CHANGED;
            }
            if ((mask & LibC.IN_CLOSE_WRITE) != 0 && files.isOurs(file)) {
                closing.add(file);
                looks = 0;
            }
            at += LibC.INOTIFY_NAME + length;
        }
        return news;
    }

    private String name(int event) {
        byte[] text = NativeMemory.text(events.address() + event + LibC.INOTIFY_NAME);
        return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void close() {
        stopped = true;
        if (waker != null) {
            waker.wake();
        }
    }
}

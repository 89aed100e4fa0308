/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.play;

import io.machframe.demos.process.ChildJvm;
import io.machframe.demos.process.Report;
import io.machframe.demos.process.StopSignal;
import io.machframe.demos.publish.PublishCommand;
import io.machframe.demos.publish.PublishFigures;
import io.machframe.demos.view.ViewerProcess;
import io.machframe.demos.watch.WatchFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A publisher, a watcher and, if wished, a viewer of one file, each a process of its own. */
final class MainJob {
    private static final int INTERVAL_MILLIS = 100;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final String program;
    private final Path file;
    private final String format;
    private final Path png;
    private final boolean verifies;
    private final boolean views;
    private final boolean quiet;
    private final String name = "demo-" + ProcessHandle.current().pid();
    private final CountDownLatch open = new CountDownLatch(1);
    private final Map<String, Report> reports = new ConcurrentHashMap<>();

    MainJob(String program, Path file, String format, Path png, boolean verifies, boolean views, boolean quiet) {
        this.program = program;
        this.file = file;
        this.format = format;
        this.png = png;
        this.verifies = verifies;
        this.views = views;
        this.quiet = quiet;
    }

    /** Runs all of it. What goes wrong in a process is told there, on the same error stream. */
    JobResult run(StopSignal stop) throws IOException, InterruptedException {
        try (ChildJvm publisher = ChildJvm.start(program, publisherArguments(), this::take)) {
            if (!isOpen(publisher, stop)) {
                publisher.stop();
                return result(publisher.waitFor(), 1);
            }
            try (ChildJvm watcher = ChildJvm.start(program, watcherArguments(), this::take)) {
                if (views) {
                    try (ChildJvm viewer = ViewerProcess.untilEndOf(name)) {
                        return await(publisher, watcher, viewer, stop);
                    }
                }
                return await(publisher, watcher, null, stop);
            }
        }
    }

    private List<String> publisherArguments() {
        String clients = views ? "2" : "1";
        return quietly("publish", name, file.toString(), "--format", format, "--wait", clients, "--report");
    }

    private List<String> watcherArguments() {
        List<String> arguments = quietly("watch", name, "--png", png.toString(), "--report");
        if (verifies) {
            arguments.addAll(List.of("--verify", file.toString()));
        }
        return arguments;
    }

    private List<String> quietly(String... arguments) {
        List<String> list = new ArrayList<>(List.of(arguments));
        if (quiet) {
            list.add("--quiet");
        }
        return list;
    }

    /** Called by the threads that read the children's output. */
    private void take(Report report) {
        reports.put(report.topic(), report);
        if (report.topic().equals(PublishCommand.OPEN)) {
            open.countDown();
        }
    }

    private boolean isOpen(ChildJvm publisher, StopSignal stop) throws InterruptedException {
        while (publisher.isAlive() && !stop.isRaised()) {
            if (open.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    /** The stream ends with the file; a publisher without a watcher is ended. */
    private JobResult await(ChildJvm publisher, ChildJvm watcher, @Nullable ChildJvm viewer, StopSignal stop)
            throws InterruptedException {
        long start = System.nanoTime();
        boolean shown = viewer != null;
        boolean waits = true;
        while (watcher.isAlive() && !stop.isRaised()) {
            if (shown && viewer != null && !viewer.isAlive()) {
                publisher.send("1"); // the watcher alone
                shown = false;
            }
            if (waits && System.nanoTime() - start > LONGEST_WAIT_NANOS) {
                publisher.send("0");
                waits = false;
            }
            TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
        }
        if (stop.isRaised()) {
            watcher.stop();
        }
        int watched = watcher.waitFor();
        if (watched != 0 || stop.isRaised()) {
            publisher.stop();
        }
        return result(publisher.waitFor(), watched);
    }

    private JobResult result(int publisherStatus, int watcherStatus) {
        return new JobResult(
                publisherStatus,
                watcherStatus,
                Optional.ofNullable(reports.get(PublishFigures.TOPIC)).map(PublishFigures::of),
                Optional.ofNullable(reports.get(WatchFigures.TOPIC)).map(WatchFigures::of));
    }
}

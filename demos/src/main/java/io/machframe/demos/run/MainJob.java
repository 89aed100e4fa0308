/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.run;

import io.machframe.demos.Main;
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

/** A publisher, a watcher and, if wished, a viewer of one file, each a process of its own. */
final class MainJob {
    private static final int LOOK_MILLIS = 100;

    private final Path file;
    private final String format;
    private final Path png;
    private final boolean verifies;
    private final boolean views;
    private final String name = "demo-" + ProcessHandle.current().pid();
    private final CountDownLatch open = new CountDownLatch(1);
    private final Map<String, Report> reports = new ConcurrentHashMap<>();

    MainJob(Path file, String format, Path png, boolean verifies, boolean views) {
        this.file = file;
        this.format = format;
        this.png = png;
        this.verifies = verifies;
        this.views = views;
    }

    /** Runs all of it. What goes wrong in a process is told there, on the same error stream. */
    JobResult run(StopSignal stop) throws IOException, InterruptedException {
        try (ChildJvm publisher = ChildJvm.start(Main.class.getName(), publisherArguments(), this::take)) {
            if (!isOpen(publisher, stop)) {
                publisher.stop();
                return result(publisher.waitFor(), 1);
            }
            try (ChildJvm watcher = ChildJvm.start(Main.class.getName(), watcherArguments(), this::take)) {
                if (views) {
                    try (ChildJvm viewer = ViewerProcess.untilEndOf(name)) {
                        return await(publisher, watcher, stop);
                    }
                }
                return await(publisher, watcher, stop);
            }
        }
    }

    private List<String> publisherArguments() {
        String clients = views ? "2" : "1";
        return List.of("publish", name, file.toString(), "--format", format, "--wait", clients, "--report");
    }

    private List<String> watcherArguments() {
        List<String> arguments = new ArrayList<>(List.of("watch", name, "--png", png.toString(), "--report"));
        if (verifies) {
            arguments.addAll(List.of("--verify", file.toString()));
        }
        return arguments;
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
            if (open.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }

    /** The stream ends with the file; a publisher that nobody watches any more is ended. */
    private JobResult await(ChildJvm publisher, ChildJvm watcher, StopSignal stop) throws InterruptedException {
        while (watcher.isAlive() && !stop.isRaised()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
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

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.MachException;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.IOSurface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Issue 15, B8 and its kind: a call that waits is the last to know its stream, and a listener the last to know its client;
 * the collector must leave them alone. As the test of that name in core, in a process that compiles at once.
 */
@Timeout(300)
@RequiresCapability(TestCapability.LINUX)
class ForgottenInCallProcessTest {
    private static final int COLLECTIONS = 20;
    private static final int PAUSE_MILLIS = 20;
    private static final int UNLOCKS = 300;
    private static final FrameFormat FORMAT = FrameFormat.of(16, 16, PixelFormat.BGRA);

    @Test
    void aStreamIsNotForgottenWhileItsCallWaits() throws Exception {
        ProcessBuilder builder = ChildProcess.builder(Waits.class);
        builder.command()
                .addAll(
                        1,
                        List.of(
                                "-XX:CompileCommand=quiet",
                                "-XX:CompileCommand=compileonly,io.machframe.*::*",
                                "-Xcomp",
                                "-Dmachframe.leaks=off"));
        try (ChildProcess child = ChildProcess.of(builder.start())) {
            for (Calls call : Calls.values()) {
                assertEquals(call + " done", child.readLine());
            }
        }
    }

    private static FrameServer server;
    private static FrameDraft onlyDraft;

    @SuppressWarnings("ImmutableEnumChecker") // what a call does is no value
    enum Calls {
        RECEIVE(
                () -> {
                    client().receive().close();
                    return "done";
                },
                ForgottenInCallProcessTest::publish),
        LISTEN(
                () -> {
                    CompletableFuture<String> done = new CompletableFuture<>();
                    client().listen(ForkJoinPool.commonPool(), listener(done));
                    return done.get();
                },
                ForgottenInCallProcessTest::publish),
        LISTEN_IN_LOOP(
                () -> {
                    CompletableFuture<String> done = new CompletableFuture<>();
                    RunLoop loop = RunLoop.current();
                    loop.add(client().runLoopSource(0, listener(done)), RunLoopMode.DEFAULT);
                    while (!done.isDone()) {
                        loop.runInMode(RunLoopMode.DEFAULT, Duration.ofSeconds(1), true);
                    }
                    return done.get();
                },
                ForgottenInCallProcessTest::publish),
        SUBSCRIBE(
                () -> {
                    CompletableFuture<String> done = new CompletableFuture<>();
                    client().publisher(ForkJoinPool.commonPool()).subscribe(subscriber(done));
                    return done.get();
                },
                ForgottenInCallProcessTest::publish),
        ACQUIRE(
                () -> {
                    secondDraft().close();
                    return "done";
                },
                () -> onlyDraft.close()),
        UNLOCK(
                () -> {
                    BEGUN.release();
                    for (int i = 0; i < UNLOCKS; i++) {
                        lock().close();
                    }
                    return "done";
                },
                System::gc);

        final Callable<String> call;
        final Step end;

        Calls(Callable<String> call, Step end) {
            this.call = call;
            this.end = end;
        }
    }

    /** The object that is about to wait was made. */
    private static final Semaphore BEGUN = new Semaphore(0);

    private interface Step {
        void run() throws Exception;
    }

    private static FrameClient client() throws Exception {
        FrameClient client = FrameClient.builder(server.name())
                .timeout(Duration.ofSeconds(60))
                .connect();
        BEGUN.release();
        return client;
    }

    private static FrameListener listener(CompletableFuture<String> done) {
        return new FrameListener() {
            @Override
            public void received(Frame frame) {
                done.complete("done");
            }

            @Override
            public void ended(StreamEnd why) {
                done.complete("ended: " + why);
            }

            @Override
            public void failed(MachException why) {
                done.complete("failed: " + why);
            }
        };
    }

    private static Flow.Subscriber<Frame> subscriber(CompletableFuture<String> done) {
        return new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription given) {
                given.request(1);
            }

            @Override
            public void onNext(Frame frame) {
                frame.close();
                done.complete("done");
            }

            @Override
            public void onError(Throwable failure) {
                done.complete("failed: " + failure);
            }

            @Override
            public void onComplete() {
                done.complete("ended");
            }
        };
    }

    private static FrameDraft secondDraft() throws Exception {
        return poor().acquire();
    }

    /** Returns a server of one surface, which is being drawn into. */
    private static FrameServer poor() throws Exception {
        FrameServer poor = FrameServer.builder(server.name() + "-poor")
                .format(FORMAT)
                .pool(1, 1)
                .open();
        onlyDraft = poor.acquire();
        BEGUN.release();
        return poor;
    }

    /** Returns a lock that alone knows its surface. */
    private static SurfaceLock lock() throws Exception {
        return IOSurface.create(SurfaceProperties.of(16, 16, PixelFormat.BGRA)).lock();
    }

    private static void publish() throws Exception {
        try (FrameDraft draft = server.acquire()) {
            draft.publish();
        }
    }

    /** In a process of its own, compiled at once. */
    static final class Waits {
        private Waits() {}

        public static void main(String[] arguments) throws Exception {
            for (Calls waits : Calls.values()) {
                try (FrameServer stream =
                        FrameServer.open("forgotten-" + ProcessHandle.current().pid(), FORMAT)) {
                    server = stream;
                    System.out.println(waits + " " + run(waits));
                }
            }
            System.exit(0);
        }

        private static Object run(Calls waits) throws Exception {
            FutureTask<String> answer = new FutureTask<>(waits.call);
            Thread thread = new Thread(answer);
            thread.setDaemon(true);
            thread.start();
            BEGUN.acquire();
            for (int i = 0; i < COLLECTIONS; i++) {
                System.gc();
                Thread.sleep(PAUSE_MILLIS);
            }
            waits.end.run();
            try {
                return answer.get();
            } catch (ExecutionException e) {
                return e.getCause();
            }
        }
    }
}

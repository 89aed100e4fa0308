/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.PixelFormat;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames by the demand of a subscriber. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FramePublisherTest {
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);
    private static final int QUIET_MILLIS = 100;

    private final String name = "test-" + UUID.randomUUID();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private FrameServer server;
    private FrameClient client;
    private Flow.Subscription subscription;

    /** Keeps each frame it is given. */
    private final class Keeper implements Flow.Subscriber<Frame> {
        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            told.add("subscribed");
        }

        @Override
        public void onNext(Frame frame) {
            synchronized (frames) {
                frames.add(frame);
            }
            told.add("frame " + frame.sequence());
        }

        @Override
        public void onError(Throwable failure) {
            told.add(failure.getClass().getSimpleName());
        }

        @Override
        public void onComplete() {
            told.add("complete");
        }
    }

    @BeforeEach
    void open() throws Exception {
        server = FrameServer.open(name, FORMAT);
        client = FrameClient.builder(name)
                .delivery(Delivery.queue(16))
                .maxAcquired(2)
                .connect();
    }

    @AfterEach
    void close() {
        synchronized (frames) {
            frames.forEach(Frame::close);
        }
        client.close();
        server.close();
    }

    private String next() throws InterruptedException {
        return Objects.requireNonNull(told.poll(TestFrames.LONG.toSeconds(), TimeUnit.SECONDS), "nothing is told");
    }

    private void expectNothing() throws InterruptedException {
        Thread.sleep(QUIET_MILLIS);
        assertEquals(0, told.size(), told.toString());
    }

    private void closeOne() {
        Frame first;
        synchronized (frames) {
            first = frames.removeFirst();
        }
        first.close();
    }

    @Test
    void aSubscriberGetsWhatItRequestsAndNoMoreThanItMayHold() throws Exception {
        client.publisher(ForkJoinPool.commonPool()).subscribe(new Keeper());
        assertEquals("subscribed", next());
        for (int i = 0; i < 6; i++) {
            TestFrames.publish(server, i);
        }
        expectNothing();
        subscription.request(1);
        assertEquals("frame 0", next());
        expectNothing();
        subscription.request(Long.MAX_VALUE);
        subscription.request(Long.MAX_VALUE);
        assertEquals("frame 1", next());
        expectNothing(); // it holds two
        closeOne();
        assertEquals("frame 2", next());
        closeOne();
        closeOne();
        assertEquals("frame 3", next());
        assertEquals("frame 4", next());
        closeOne();
        closeOne();
        assertEquals("frame 5", next());
        TestFrames.publish(server, 6);
        assertEquals("frame 6", next());
        closeOne();
        closeOne();
        server.close();
        assertEquals("complete", next());
        assertEquals(StreamEnd.ENDED, client.end().orElseThrow());
        expectNothing();
    }

    @Test
    void aCancelledSubscriberGetsNothingMore() throws Exception {
        client.publisher(ForkJoinPool.commonPool()).subscribe(new Keeper());
        assertEquals("subscribed", next());
        subscription.request(10);
        TestFrames.publish(server, 0);
        assertEquals("frame 0", next());
        subscription.cancel();
        TestFrames.publish(server, 1);
        subscription.request(1);
        expectNothing();
        client.close();
        expectNothing();
    }

    @Test
    void anotherSubscriberAndARequestForNothingAreErrors() throws Exception {
        Flow.Publisher<Frame> publisher = client.publisher(ForkJoinPool.commonPool());
        publisher.subscribe(new Keeper());
        assertEquals("subscribed", next());
        Flow.Subscription first = subscription;
        publisher.subscribe(new Keeper());
        assertEquals("subscribed", next());
        assertEquals("IllegalStateException", next());
        first.request(0);
        assertEquals("IllegalArgumentException", next());
        first.request(1);
        TestFrames.publish(server, 0);
        expectNothing();
        assertThrows(IllegalStateException.class, () -> client.publisher(Runnable::run));
    }

    /** Issue 11, B7: what cannot go on says so. */
    @Test
    void anExecutorThatTakesNothingIsAnError() throws Exception {
        client.publisher(task -> {
                    throw new RejectedExecutionException("full");
                })
                .subscribe(new Keeper());
        assertEquals("subscribed", next());
        assertEquals("MachException", next());
        TestFrames.publish(server, 0);
        expectNothing();
    }

    @Test
    void aFastPublisherAndASlowSubscriberLoseNothingBetweenThem() throws Exception {
        client.close();
        server.close();
        server = FrameServer.builder(name)
                .format(FORMAT)
                .mayBlock(TestFrames.LONG)
                .open();
        client = FrameClient.builder(name)
                .delivery(Delivery.queue(2).block(TestFrames.LONG))
                .connect();
        client.publisher(ForkJoinPool.commonPool()).subscribe(new Keeper());
        assertEquals("subscribed", next());
        Thread closer = new Thread(() -> {
            try {
                for (int i = 0; i < 500; i++) {
                    subscription.request(1);
                    assertEquals("frame " + i, next());
                    closeOne();
                }
                told.add("all");
            } catch (InterruptedException e) {
                told.add("interrupted");
            }
        });
        closer.start();
        for (int i = 0; i < 500; i++) {
            TestFrames.publish(server, i);
        }
        closer.join();
        assertEquals("all", next());
        assertTrue(client.statistics().skipped() == 0);
    }
}

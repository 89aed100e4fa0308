/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Streams inside one process, of which a test is the publisher. */
public final class FakeStreams implements StreamCatalog {
    private final Map<String, Stream> streams = new ConcurrentHashMap<>();
    private volatile @Nullable IOException trouble;

    /** Makes all calls fail, or work again with null. */
    public void failWith(@Nullable IOException reason) {
        trouble = reason;
    }

    /** Publishes a name. */
    public Stream open(String name, int width, int height, String format) {
        Stream stream = new Stream(StreamItem.live(name, 4711, width, height, format));
        streams.put(name, stream);
        return stream;
    }

    @Override
    public List<StreamItem> list() throws IOException {
        failIfAsked();
        return streams.values().stream().map(stream -> stream.item).toList();
    }

    @Override
    public Optional<FrameSource> open(String name) throws IOException {
        failIfAsked();
        return Optional.ofNullable(streams.get(name)).map(Source::new);
    }

    private void failIfAsked() throws IOException {
        IOException reason = trouble;
        if (reason != null) {
            throw reason;
        }
    }

    /** The publisher's end of a stream that has room for one client. */
    public final class Stream {
        private final StreamItem item;
        private final BlockingDeque<FakeFrame> frames = new LinkedBlockingDeque<>();
        private volatile boolean ended;
        private volatile boolean joined;

        private Stream(StreamItem item) {
            this.item = item;
        }

        /** Sends a frame. */
        public FakeFrame publish(FakeFrame frame) {
            frames.add(frame);
            return frame;
        }

        /** Ends the stream, after the frames that were sent. */
        public void end() {
            streams.remove(item.name(), this);
            ended = true;
        }

        /** Whether somebody receives the stream. */
        public boolean isJoined() {
            return joined;
        }
    }

    private static final class Source implements FrameSource {
        private final Stream stream;

        Source(Stream stream) {
            this.stream = stream;
            stream.joined = true;
        }

        @Override
        public Optional<ReceivedFrame> receive(Duration timeout) throws IOException {
            FakeFrame frame = nextFrame(timeout);
            if (frame == null && stream.ended) {
                throw new EOFException();
            }
            return Optional.ofNullable(frame);
        }

        private @Nullable FakeFrame nextFrame(Duration timeout) {
            try {
                return stream.frames.poll(timeout.toMillis() / 10, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            stream.joined = false;
        }
    }
}

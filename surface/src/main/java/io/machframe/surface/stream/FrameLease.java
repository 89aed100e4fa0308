/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.lifetime.LeakDetector;
import io.machframe.surface.Surface;
import io.machframe.surface.stream.link.FrameRecord;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What keeps the surface of a received frame from being drawn over, apart from the {@link Frame} so that it does not keep
 * that reachable. It is begun and ended again and again.
 */
final class FrameLease {
    private static final AtomicIntegerFieldUpdater<FrameLease> OPEN =
            AtomicIntegerFieldUpdater.newUpdater(FrameLease.class, "open");

    private final Subscription subscription;
    private volatile int open;
    private long ticket;
    private long sequence;
    private long received;
    private @Nullable Surface surface;
    private @Nullable FrameRecord record;
    private @Nullable FrameFormat format;
    private Optional<Throwable> origin = Optional.empty();

    FrameLease(Subscription subscription) {
        this.subscription = subscription;
    }

    void begin(long taken, long number, Surface pixels, FrameRecord described, FrameFormat shape) {
        ticket = taken;
        sequence = number;
        received = System.nanoTime();
        surface = pixels;
        record = described;
        format = shape;
        origin = LeakDetector.trace();
        open = 1;
    }

    void requireOpen() {
        if (open == 0) {
            throw new IllegalStateException("the frame is closed");
        }
    }

    Surface surface() {
        return Objects.requireNonNull(surface);
    }

    FrameRecord record() {
        return Objects.requireNonNull(record);
    }

    FrameFormat format() {
        return Objects.requireNonNull(format);
    }

    long sequence() {
        return sequence;
    }

    long received() {
        return received;
    }

    long ticket() {
        return ticket;
    }

    void close(Frame frame) {
        if (OPEN.compareAndSet(this, 1, 0)) {
            FrameEvents.released(subscription.name(), sequence, received);
            subscription.released(ticket, frame);
        }
    }

    /** The frame is unreachable. */
    void forgotten() {
        if (OPEN.compareAndSet(this, 1, 0)) {
            LeakDetector.forgotten("frame " + sequence + " of the stream \"" + subscription.name() + "\"", origin);
            subscription.leaked(ticket);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * What the Flight Recorder is told of frames. They are off unless a recording asks for them, as {@code machframe.jfc} does.
 * As long as an event is off nothing is made for it, and asking whether it is on is all that it costs.
 */
final class FrameEvents {
    private static final Acquire ACQUIRE = new Acquire();
    private static final Publish PUBLISH = new Publish();
    private static final Receive RECEIVE = new Receive();
    private static final Release RELEASE = new Release();

    private FrameEvents() {}

    @Name("machframe.FrameAcquire")
    @Label("Frame Acquire")
    @Description("A publisher was given a surface to draw into; the duration is how long it waited")
    @Category({"Machframe", "Streams"})
    @Enabled(false)
    @StackTrace(false)
    static final class Acquire extends Event {
        @Label("Stream")
        @Nullable
        String stream;

        @Label("Slot")
        int slot;
    }

    @Name("machframe.FramePublish")
    @Label("Frame Publish")
    @Description("A frame was handed to the clients; the duration includes the wait for those that may hold it up")
    @Category({"Machframe", "Streams"})
    @Enabled(false)
    @StackTrace(false)
    static final class Publish extends Event {
        @Label("Stream")
        @Nullable
        String stream;

        @Label("Sequence")
        long sequence;

        @Label("Slot")
        int slot;
    }

    @Name("machframe.FrameReceive")
    @Label("Frame Receive")
    @Description("A client received a frame")
    @Category({"Machframe", "Streams"})
    @Enabled(false)
    @StackTrace(false)
    static final class Receive extends Event {
        @Label("Stream")
        @Nullable
        String stream;

        @Label("Sequence")
        long sequence;

        @Label("Latency")
        @Description("From being published to having been received")
        @Timespan(Timespan.NANOSECONDS)
        long latency;

        @Label("Skipped")
        @Description("Frames between this and the one before that the client did not get")
        long skipped;
    }

    @Name("machframe.FrameRelease")
    @Label("Frame Release")
    @Description("A client closed a frame")
    @Category({"Machframe", "Streams"})
    @Enabled(false)
    @StackTrace(false)
    static final class Release extends Event {
        @Label("Stream")
        @Nullable
        String stream;

        @Label("Sequence")
        long sequence;

        @Label("Held")
        @Description("From having been received to being closed")
        @Timespan(Timespan.NANOSECONDS)
        long held;
    }

    /** Returns an event that has begun, null if it is off. */
    static @Nullable Acquire beginAcquire() {
        if (!ACQUIRE.isEnabled()) {
            return null;
        }
        Acquire event = new Acquire();
        event.begin();
        return event;
    }

    static void acquired(@Nullable Acquire begun, String stream, int slot) {
        if (begun != null) {
            begun.stream = stream;
            begun.slot = slot;
            begun.commit();
        }
    }

    /** Returns an event that has begun, null if it is off. */
    static @Nullable Publish beginPublish() {
        if (!PUBLISH.isEnabled()) {
            return null;
        }
        Publish event = new Publish();
        event.begin();
        return event;
    }

    static void published(@Nullable Publish begun, String stream, long sequence, int slot) {
        if (begun != null) {
            begun.stream = stream;
            begun.sequence = sequence;
            begun.slot = slot;
            begun.commit();
        }
    }

    static void received(String stream, long sequence, long latency, long skipped) {
        if (RECEIVE.isEnabled()) {
            Receive event = new Receive();
            event.stream = stream;
            event.sequence = sequence;
            event.latency = latency;
            event.skipped = skipped;
            event.commit();
        }
    }

    static void released(String stream, long sequence, long received) {
        if (RELEASE.isEnabled()) {
            Release event = new Release();
            event.stream = stream;
            event.sequence = sequence;
            event.held = System.nanoTime() - received;
            event.commit();
        }
    }
}

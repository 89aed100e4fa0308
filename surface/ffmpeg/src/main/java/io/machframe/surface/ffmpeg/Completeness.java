/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Whether a file goes on for as long as its header says. Some formats, Matroska is one, end quietly where they were cut
 * off.
 */
final class Completeness {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_AV_TIME = NANOS_PER_SECOND / avutil.AV_TIME_BASE;
    /** Headers are not exact: so much may be missing, and as much again as this part of the whole. */
    private static final long TOLERANCE_NANOS = NANOS_PER_SECOND / 2;

    private static final int TOLERANCE_DIVISOR = 50;

    private final long declared;
    private final long start;
    private final long[] numerators;
    private final long[] denominators;
    private long reached;

    Completeness(AVFormatContext container) {
        boolean told = container.duration_estimation_method() == avformat.AVFMT_DURATION_FROM_STREAM;
        declared = told ? known(container.duration()) : 0;
        start = known(container.start_time());
        numerators = new long[container.nb_streams()];
        denominators = new long[numerators.length];
        for (int i = 0; i < numerators.length; i++) {
            AVRational tick = container.streams(i).time_base();
            numerators[i] = tick.num() * NANOS_PER_SECOND;
            denominators[i] = tick.den();
        }
    }

    /** Takes note of a packet, of any stream: sound may go on for longer than the picture. */
    void saw(AVPacket packet) {
        int stream = packet.stream_index();
        long stamp = packet.pts() == avutil.AV_NOPTS_VALUE ? packet.dts() : packet.pts();
        if (stamp == avutil.AV_NOPTS_VALUE || stream >= numerators.length) {
            return;
        }
        long end = stamp + Math.max(packet.duration(), 0);
        reached = Math.max(reached, avutil.av_rescale(end, numerators[stream], denominators[stream]) - start);
    }

    /** Returns whether the packets, all of them read, end clearly before the time that the header tells. */
    boolean isShort() {
        return declared - reached > TOLERANCE_NANOS + declared / TOLERANCE_DIVISOR;
    }

    private static long known(long avTime) {
        return avTime == avutil.AV_NOPTS_VALUE ? 0 : avTime * NANOS_PER_AV_TIME;
    }
}

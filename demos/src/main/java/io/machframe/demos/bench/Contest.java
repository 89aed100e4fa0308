/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The library and its floor, measured in turns with frames of one size. */
final class Contest implements AutoCloseable {
    private final FrameSize size;
    private final Map<Mode, Series> library = new EnumMap<>(Mode.class);
    private final Map<Mode, Series> floor = new EnumMap<>(Mode.class);
    private @Nullable Pair javaPair;
    private @Nullable Pair floorPair;
    private @Nullable Peer sleepers;

    Contest(FrameSize size) {
        this.size = size;
        for (Mode mode : Mode.values()) {
            library.put(mode, new Series());
            floor.put(mode, new Series());
        }
    }

    /** Starts the processes; without a floor only the library's. */
    void start(@Nullable FloorProgram program, boolean touch, Pinning pinning, long spinMicros, int others)
            throws IOException {
        javaPair = JavaPair.start(size, touch, spinMicros);
        pinning.apply(javaPair);
        if (others > 0) {
            sleepers = JavaPair.startSleepers(size, others);
        }
        if (program != null) {
            floorPair = program.start(size, touch);
            pinning.apply(floorPair);
        }
    }

    void warmUp(Round round) throws IOException {
        pair().run(round);
    }

    void measure(Round round) throws IOException {
        library(round.mode()).add(pair().run(round));
        if (floorPair != null) {
            floor(round.mode()).add(floorPair.run(round));
        }
    }

    FrameSize size() {
        return size;
    }

    Pair pair() {
        if (javaPair == null) {
            throw new IllegalStateException("the processes were not started");
        }
        return javaPair;
    }

    boolean hasFloor() {
        return floorPair != null;
    }

    Series library(Mode mode) {
        return series(library, mode);
    }

    Series floor(Mode mode) {
        return series(floor, mode);
    }

    private static Series series(Map<Mode, Series> all, Mode mode) {
        Series series = all.get(mode);
        if (series == null) {
            throw new IllegalStateException("nothing was measured of " + mode);
        }
        return series;
    }

    @Override
    public void close() {
        if (sleepers != null) {
            sleepers.close();
        }
        if (javaPair != null) {
            javaPair.close();
        }
        if (floorPair != null) {
            floorPair.close();
        }
    }
}

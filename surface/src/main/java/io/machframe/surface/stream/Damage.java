/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the latest frames changed, so that a surface that missed some of them need not be drawn whole. Not thread-safe. */
final class Damage {
    private static final int FRAMES = 64;
    private static final int NUMBERS = 4;

    /** For each of the latest frames the bounds of what changed: left, top, right, bottom; left is -1 if unknown. */
    private final int[] bounds = new int[NUMBERS * FRAMES];

    private long first;
    private long next;

    /** Begins anew: what was before does not fit. */
    void restart() {
        first = next;
    }

    void add(FrameDraft draft, long sequence) {
        if (sequence != next) {
            first = sequence;
        }
        next = sequence + 1;
        int at = NUMBERS * (int) (sequence % FRAMES);
        bounds[at] = draft.areas() < 0 ? -1 : Integer.MAX_VALUE;
        bounds[at + 1] = Integer.MAX_VALUE;
        bounds[at + 2] = 0;
        bounds[at + 3] = 0;
        for (int i = 0; i < draft.areas(); i++) {
            int x = draft.damage(4 * i);
            int y = draft.damage(4 * i + 1);
            bounds[at] = Math.min(bounds[at], x);
            bounds[at + 1] = Math.min(bounds[at + 1], y);
            bounds[at + 2] = Math.max(bounds[at + 2], x + draft.damage(4 * i + 2));
            bounds[at + 3] = Math.max(bounds[at + 3], y + draft.damage(4 * i + 3));
        }
    }

    /** Returns the bounds of what changed after a frame; empty if that may be everything. */
    Optional<FrameArea> since(long sequence) {
        if (sequence + 1 < Math.max(first, next - FRAMES) || sequence < 0) {
            return Optional.empty();
        }
        @Nullable FrameArea sum = null;
        for (long frame = sequence + 1; frame < next; frame++) {
            int at = NUMBERS * (int) (frame % FRAMES);
            if (bounds[at] < 0) {
                return Optional.empty();
            }
            if (bounds[at + 2] > bounds[at] && bounds[at + 3] > bounds[at + 1]) {
                FrameArea area = new FrameArea(
                        bounds[at], bounds[at + 1], bounds[at + 2] - bounds[at], bounds[at + 3] - bounds[at + 1]);
                sum = sum == null ? area : sum.union(area);
            }
        }
        return Optional.ofNullable(sum);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.play;

import io.machframe.demos.publish.PublishFigures;
import io.machframe.demos.watch.WatchFigures;
import java.util.Optional;

/**
 * How the main job ended.
 *
 * @param publisherStatus the exit status of the publisher's process
 * @param watcherStatus the exit status of the watcher's process
 * @param published what the publisher reported, unless it was killed
 * @param watched what the watcher reported, unless it was killed
 */
record JobResult(
        int publisherStatus, int watcherStatus, Optional<PublishFigures> published, Optional<WatchFigures> watched) {
    boolean isSuccess() {
        return publisherStatus == 0
                && watcherStatus == 0
                && published.isPresent()
                && watched.isPresent()
                && bytesCopied(1) == 0;
    }

    /**
     * Returns how many bytes of pixels reached the watcher otherwise than in the very memory that the publisher drew
     * into: those of frames in surfaces that the publisher did not draw into. A surface's id is the same in all
     * processes, and no other surface has it.
     */
    long bytesCopied(long bytesPerFrame) {
        long frames = 0;
        for (var entry : watched.orElseThrow().framesBySurface().entrySet()) {
            if (!published.orElseThrow().surfaces().contains(entry.getKey())) {
                frames += entry.getValue();
            }
        }
        return frames * bytesPerFrame;
    }
}

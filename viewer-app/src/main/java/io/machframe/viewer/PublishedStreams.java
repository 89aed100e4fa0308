/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import io.machframe.viewer.model.FrameSource;
import io.machframe.viewer.model.StreamCatalog;
import io.machframe.viewer.model.StreamItem;
import java.util.List;
import java.util.Optional;

/** PLACEHOLDER until surface.stream is there. */
final class PublishedStreams implements StreamCatalog {
    @Override
    public List<StreamItem> list() {
        return List.of();
    }

    @Override
    public Optional<FrameSource> open(String name) {
        return Optional.empty();
    }
}

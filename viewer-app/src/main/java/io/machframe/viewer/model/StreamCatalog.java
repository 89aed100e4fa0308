/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The streams that are published on this machine now. Its methods may be called from any thread. */
public interface StreamCatalog {
    /** Returns what is published now. */
    List<StreamItem> list() throws IOException;

    /**
     * Joins a stream; empty when nobody publishes the name.
     *
     * @throws IOException if somebody does but cannot be joined
     */
    Optional<FrameSource> open(String name) throws IOException;
}

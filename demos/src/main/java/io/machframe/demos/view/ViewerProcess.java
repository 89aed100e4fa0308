/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.view;

import io.machframe.demos.process.ChildJvm;
import io.machframe.viewer.Viewer;
import java.io.IOException;
import java.util.List;

/** Starts the viewer as a process of its own. */
public final class ViewerProcess {
    private ViewerProcess() {}

    /** Starts a viewer that shows a stream and closes when that ends. */
    public static ChildJvm untilEndOf(String name) throws IOException {
        return ChildJvm.start(Viewer.class.getName(), List.of("--exit-at-end", "--", name), report -> {});
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.view;

import io.machframe.demos.process.ChildJvm;
import java.io.IOException;
import java.util.List;

/** Starts the viewer as a process of its own. */
public final class ViewerProcess {
    private static final String MAIN = "io.machframe.viewer.Viewer";

    private ViewerProcess() {}

    /** Starts a viewer that shows a stream and closes when that ends. */
    public static ChildJvm untilEndOf(String name) throws IOException {
        return ChildJvm.start(MAIN, List.of("--name", name, "--exit-at-end"), report -> {});
    }

    /** Starts a viewer that shows a stream and stays. */
    public static ChildJvm of(String name) throws IOException {
        return ChildJvm.start(MAIN, List.of("--name", name), report -> {});
    }
}

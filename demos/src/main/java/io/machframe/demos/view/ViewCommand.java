/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.view;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.surface.stream.StreamDirectory;
import io.machframe.viewer.Viewer;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code demos/run view}. */
@Command(
        name = "view",
        description = {
            "Shows a published stream in a window, which also lists the others.",
            "",
            "Needs a display. Ends when the window is closed, or at Ctrl-C."
        })
public final class ViewCommand implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "What it is published under; demos/run list tells.")
    private String name = "";

    /** Called by picocli. */
    public ViewCommand() {}

    @Override
    public Integer call() throws Exception {
        if (!Display.isThere()) {
            throw new IOException("there is no display to open a window on (DISPLAY is not set)");
        }
        if (StreamDirectory.list().stream().noneMatch(stream -> stream.name().equals(name))) {
            throw new UnknownServiceException(
                    "bootstrap_look_up",
                    new KernReturn(KernReturn.BOOTSTRAP_UNKNOWN_SERVICE),
                    "nobody publishes a stream named \"" + name + "\"");
        }
        Viewer.main(new String[] {"--name", name}); // ends this process
        return 0;
    }
}

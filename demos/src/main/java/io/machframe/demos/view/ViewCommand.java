/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.view;

import io.machframe.viewer.ViewerCommand;
import picocli.CommandLine.Command;

/** {@code demos/run view}: the viewer. */
@Command(name = "view")
public final class ViewCommand extends ViewerCommand {
    /** Called by picocli. */
    public ViewCommand() {}
}

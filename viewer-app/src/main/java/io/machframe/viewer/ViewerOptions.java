/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the user asked for.
 *
 * @param name the stream to show from the start
 * @param exitAtEnd whether to close when that stream ends
 * @param snapshot where to leave a PNG of the window when it closes
 * @param frames the directory that frames are saved in
 */
record ViewerOptions(Optional<String> name, boolean exitAtEnd, Optional<Path> snapshot, Path frames) {}

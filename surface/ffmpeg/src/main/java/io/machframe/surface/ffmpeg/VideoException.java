/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

import java.io.IOException;
import java.nio.file.Path;

/** A file cannot be played or made. The message is one line that names the file and says what is wrong with it. */
public final class VideoException extends IOException {
    private static final long serialVersionUID = 1L;

    VideoException(String message) {
        super(message);
    }

    VideoException(String message, Throwable cause) {
        super(message, cause);
    }

    VideoException(Path file, String reason) {
        super(file + ": " + reason);
    }
}

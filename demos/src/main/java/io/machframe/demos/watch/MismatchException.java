/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.watch;

import java.io.IOException;

/** A frame was received that is not what was to be expected. The message says which. */
public final class MismatchException extends IOException {
    private static final long serialVersionUID = 1L;

    MismatchException(String message) {
        super(message);
    }
}

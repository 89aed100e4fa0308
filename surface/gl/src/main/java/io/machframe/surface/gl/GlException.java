/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

/**
 * OpenGL cannot do here what was asked, for a reason that a correct program must expect: there is no driver, the driver
 * lacks something, or it refuses a format or a size. The message says which.
 */
public final class GlException extends Exception {
    private static final long serialVersionUID = 1L;

    GlException(String message) {
        super(message);
    }

    GlException(String message, Throwable cause) {
        super(message, cause);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.ffmpeg;

/** Colours that are told, and told by a number that nothing here can turn into red, green and blue. */
final class UnsupportedColorException extends Exception {
    private static final long serialVersionUID = 1L;

    UnsupportedColorException(String message) {
        super(message);
    }
}

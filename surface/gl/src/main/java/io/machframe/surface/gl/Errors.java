/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.GL30C.*;

/** Errors of OpenGL. */
final class Errors {
    private static final int CONTEXT_LOST = 0x507;

    private Errors() {}

    /** Forgets errors from before, so that the next one is of the next call. A lost context has an endless number. */
    static void clear() {
        int error = glGetError();
        while (error != GL_NO_ERROR && error != CONTEXT_LOST) {
            error = glGetError();
        }
    }

    static void check(String call) throws GlException {
        int error = glGetError();
        if (error != GL_NO_ERROR) {
            throw new GlException(call + ": " + name(error));
        }
    }

    static String name(int error) {
        return switch (error) {
            case GL_INVALID_ENUM -> "GL_INVALID_ENUM";
            case GL_INVALID_VALUE -> "GL_INVALID_VALUE";
            case GL_INVALID_OPERATION -> "GL_INVALID_OPERATION";
            case GL_INVALID_FRAMEBUFFER_OPERATION -> "GL_INVALID_FRAMEBUFFER_OPERATION";
            case GL_OUT_OF_MEMORY -> "GL_OUT_OF_MEMORY";
            case CONTEXT_LOST -> "GL_CONTEXT_LOST";
            default -> "GL error 0x" + Integer.toHexString(error);
        };
    }
}

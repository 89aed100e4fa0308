/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import static org.lwjgl.opengl.GL33C.*;

import io.machframe.demos.process.ProcessorTime;
import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.gl.GlInterop;
import io.machframe.surface.gl.GlPath;
import io.machframe.surface.gl.GlSurfaceTarget;
import io.machframe.surface.gl.GlSurfaceTexture;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import org.lwjgl.system.MemoryUtil;

/** One kind of work with a surface in OpenGL, and the same with a texture that nobody shares. Its context is current. */
final class GlWork implements AutoCloseable {
    /** What is measured. */
    enum Kind {
        DRAW_SHARED("draw a full picture into the surface, and finish"),
        DRAW_COPIED("the same, copied: BGRA"),
        UPLOAD("copy a picture into a texture: BGRA"),
        IMPORT("make a texture of a surface, and delete it");

        private final String title;

        Kind(String title) {
            this.title = title;
        }
    }

    private static final String VERTEX =
            """
            #version 330 core
            void main() {
                gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
            }
            """;
    private static final String FRAGMENT =
            """
            #version 330 core
            out vec4 colour;
            void main() {
                colour = vec4(fract(gl_FragCoord.xy / 64.0), 0.5, 1.0);
            }
            """;

    private final Kind kind;
    private final GlInterop gl;
    private final IOSurface surface;
    private final GlSurfaceTarget target;
    private final GlSurfaceTexture texture;
    private final int privateTexture = glGenTextures();
    private final int privateFramebuffer = glGenFramebuffers();
    private final ByteBuffer memory;
    private final int array = glGenVertexArrays();
    private final int program = glCreateProgram();
    private final int width;
    private final int height;
    private final int rowPixels;

    GlWork(GlInterop best, Kind kind, int width, int height) throws Exception {
        this.kind = kind;
        this.width = width;
        this.height = height;
        boolean shared = kind == Kind.DRAW_SHARED || kind == Kind.IMPORT;
        this.gl = shared ? best : GlInterop.ofCurrentContext(EnumSet.of(GlPath.COPY));
        PixelFormat format = shared ? PixelFormat.RGBA : PixelFormat.BGRA;
        this.surface = IOSurface.create(GlInterop.properties(width, height, format));
        this.rowPixels = surface.plane(0).bytesPerRow() / Integer.BYTES;
        this.target = gl.target(surface);
        this.texture = gl.texture(surface);
        this.memory = MemoryUtil.memCalloc(surface.plane(0).bytesPerRow() * height);
        glBindTexture(GL_TEXTURE_2D, privateTexture);
        // For BGRA the fastest way, as the library has it.
        glTexImage2D(
                GL_TEXTURE_2D, 0, shared ? GL_RGBA8 : GL_RGBA, width, height, 0, order(), type(), (ByteBuffer) null);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        glBindFramebuffer(GL_FRAMEBUFFER, privateFramebuffer);
        glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, privateTexture, 0);
        compile(GL_VERTEX_SHADER, VERTEX);
        compile(GL_FRAGMENT_SHADER, FRAGMENT);
        glLinkProgram(program);
        glUseProgram(program);
        glBindVertexArray(array);
    }

    private int order() {
        return surface.pixelFormat().equals(PixelFormat.BGRA) ? GL_BGRA : GL_RGBA;
    }

    private int type() {
        return surface.pixelFormat().equals(PixelFormat.BGRA) ? GL_UNSIGNED_INT_8_8_8_8_REV : GL_UNSIGNED_BYTE;
    }

    private void compile(int type, String source) {
        int shader = glCreateShader(type);
        glShaderSource(shader, source);
        glCompileShader(shader);
        if (glGetShaderi(shader, GL_COMPILE_STATUS) == GL_FALSE) {
            throw new IllegalStateException(glGetShaderInfoLog(shader));
        }
        glAttachShader(program, shader);
        glDeleteShader(shader);
    }

    String title() {
        return kind.title + " (" + (kind == Kind.UPLOAD ? texture.path() : target.path()) + ")";
    }

    boolean hasBare() {
        return kind != Kind.IMPORT;
    }

    /** Does the work with the surface so often, and returns the nanoseconds of CPU of one. */
    double library(int times) throws Exception {
        ProcessorTime time = new ProcessorTime();
        for (int i = 0; i < times; i++) {
            switch (kind) {
                case DRAW_SHARED, DRAW_COPIED -> {
                    target.begin();
                    glDrawArrays(GL_TRIANGLES, 0, 3);
                    target.end();
                }
                case UPLOAD -> texture.update();
                case IMPORT -> gl.texture(surface).close();
            }
        }
        glFinish();
        return (double) time.nanos() / times;
    }

    /** Does the same by bare calls. */
    double bare(int times) {
        ProcessorTime time = new ProcessorTime();
        for (int i = 0; i < times; i++) {
            switch (kind) {
                case DRAW_SHARED, DRAW_COPIED -> {
                    glBindFramebuffer(GL_FRAMEBUFFER, privateFramebuffer);
                    glViewport(0, 0, width, height);
                    glDrawArrays(GL_TRIANGLES, 0, 3);
                    if (kind == Kind.DRAW_SHARED) {
                        glFinish();
                    } else {
                        glPixelStorei(GL_PACK_ROW_LENGTH, rowPixels);
                        glReadPixels(0, 0, width, height, order(), type(), memory);
                        glPixelStorei(GL_PACK_ROW_LENGTH, 0);
                    }
                }
                case UPLOAD -> {
                    glBindTexture(GL_TEXTURE_2D, privateTexture);
                    glPixelStorei(GL_UNPACK_ROW_LENGTH, rowPixels);
                    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, order(), type(), memory);
                    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
                }
                case IMPORT -> {} // nothing is like it
            }
        }
        glFinish();
        return (double) time.nanos() / times;
    }

    @Override
    public void close() {
        texture.close();
        target.close();
        surface.close();
        glDeleteFramebuffers(privateFramebuffer);
        glDeleteTextures(privateTexture);
        glDeleteProgram(program);
        glDeleteVertexArrays(array);
        MemoryUtil.memFree(memory);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.GL30C.*;

import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceLock;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.lwjgl.system.MemoryUtil;

/** Draws by shaders what tests know, and looks at textures by a shader. Its context is current. */
final class Scene implements AutoCloseable {
    private static final String VERTEX =
            """
            #version 330 core
            void main() {
                vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0;
                gl_Position = vec4(corner, 0.0, 1.0);
            }
            """;
    private static final String PATTERN =
            """
            #version 330 core
            uniform int shift;
            out vec4 colour;
            void main() {
                ivec2 at = ivec2(gl_FragCoord.xy) + shift;
                colour = vec4(at.x % 16, at.y % 16, (at.x + at.y) % 16, (at.x ^ at.y) % 16) / 15.0;
            }
            """;
    private static final String LOOK =
            """
            #version 330 core
            uniform sampler2D surface;
            out vec4 colour;
            void main() {
                colour = texelFetch(surface, ivec2(gl_FragCoord.xy), 0);
            }
            """;

    private final int array = glGenVertexArrays();
    private final int pattern = program(PATTERN);
    private final int look = program(LOOK);

    private static int program(String fragment) {
        int program = glCreateProgram();
        for (int type : new int[] {GL_VERTEX_SHADER, GL_FRAGMENT_SHADER}) {
            int shader = glCreateShader(type);
            glShaderSource(shader, type == GL_VERTEX_SHADER ? VERTEX : fragment);
            glCompileShader(shader);
            if (glGetShaderi(shader, GL_COMPILE_STATUS) == 0) {
                throw new IllegalStateException(glGetShaderInfoLog(shader));
            }
            glAttachShader(program, shader);
            glDeleteShader(shader);
        }
        glLinkProgram(program);
        if (glGetProgrami(program, GL_LINK_STATUS) == 0) {
            throw new IllegalStateException(glGetProgramInfoLog(program));
        }
        return program;
    }

    /** Draws the pattern into all planes of a target. */
    void draw(GlSurfaceTarget target, int shift) {
        glBindVertexArray(array);
        glUseProgram(pattern);
        glUniform1i(glGetUniformLocation(pattern, "shift"), shift);
        for (int i = 0; i < target.surface().planes().size(); i++) {
            target.begin();
            glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer(i));
            glViewport(0, 0, target.width(i), target.height(i));
            glDrawArrays(GL_TRIANGLES, 0, 3);
        }
        target.end();
    }

    /** Returns what the pattern has at a texel. */
    static float[] pattern(int x, int y, int shift) {
        int a = x + shift;
        int b = y + shift;
        return new float[] {a % 16 / 15f, b % 16 / 15f, (a + b) % 16 / 15f, (a ^ b) % 16 / 15f};
    }

    /** Counts the texels that OpenGL samples otherwise than the surface's bytes say. */
    long wrongTexels(GlSurfaceTexture texture) throws GlException {
        Surface surface = texture.surface();
        long wrong = 0;
        for (int i = 0; i < texture.planeCount(); i++) {
            PlaneTexels plane = PlaneTexels.of(surface, i);
            FloatBuffer seen = look(texture, i);
            try (SurfaceLock lock = surface.lock()) {
                ByteBuffer bytes = lock.plane(i).bytes();
                for (int y = 0; y < plane.height(); y++) {
                    for (int x = 0; x < plane.width(); x++) {
                        float[] wanted = Texels.decode(
                                plane.format(), bytes, y * plane.bytesPerRow() + x * plane.bytesPerTexel());
                        if (differs(wanted, seen, (y * plane.width() + x) * 4)) {
                            wrong++;
                        }
                    }
                }
            } finally {
                MemoryUtil.memFree(seen);
            }
        }
        return wrong;
    }

    private static boolean differs(float[] wanted, FloatBuffer seen, int at) {
        for (int i = 0; i < 4; i++) {
            if (Math.abs(wanted[i] - seen.get(at + i)) > 1e-5f * Math.max(1, Math.abs(wanted[i]))) {
                return true;
            }
        }
        return false;
    }

    /** Counts the texels of a surface that are not the pattern's, by the bytes. */
    static long wrongBytes(Surface surface, int shift) throws GlException {
        long wrong = 0;
        for (int i = 0; i < surface.planes().size(); i++) {
            PlaneTexels plane = PlaneTexels.of(surface, i);
            int channels = Texels.channels(plane.format());
            try (SurfaceLock lock = surface.lock()) {
                ByteBuffer bytes = lock.plane(i).bytes();
                for (int y = 0; y < plane.height(); y++) {
                    for (int x = 0; x < plane.width(); x++) {
                        float[] is = Texels.decode(
                                plane.format(), bytes, y * plane.bytesPerRow() + x * plane.bytesPerTexel());
                        float[] wanted = pattern(x, y, shift);
                        for (int c = 0; c < channels; c++) {
                            // A step of each channel, rounded by the driver as it likes.
                            if (Math.abs(is[c] - wanted[c]) > step(plane, c)) {
                                wrong++;
                                break;
                            }
                        }
                    }
                }
            }
        }
        return wrong;
    }

    private static float step(PlaneTexels plane, int channel) {
        return switch (plane.format()) {
            case BGR10_A2 -> channel == 3 ? 0.34f : 0.001f;
            case BGR5_A1, RGBA5551 -> channel == 3 ? 0.51f : 0.033f;
            case RGB565 -> 0.033f;
            default -> 0.004f;
        };
    }

    private FloatBuffer look(GlSurfaceTexture texture, int plane) {
        int width = texture.width(plane);
        int height = texture.height(plane);
        int into = glGenTextures();
        glBindTexture(GL_TEXTURE_2D, into);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA32F, width, height, 0, GL_RGBA, GL_FLOAT, (ByteBuffer) null);
        int framebuffer = glGenFramebuffers();
        glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
        glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, into, 0);
        glViewport(0, 0, width, height);
        glBindVertexArray(array);
        glUseProgram(look);
        glActiveTexture(GL_TEXTURE0);
        glBindTexture(texture.target(), texture.texture(plane));
        glDrawArrays(GL_TRIANGLES, 0, 3);
        FloatBuffer seen = MemoryUtil.memAllocFloat(width * height * 4);
        glReadPixels(0, 0, width, height, GL_RGBA, GL_FLOAT, seen);
        glDeleteFramebuffers(framebuffer);
        glDeleteTextures(into);
        return seen;
    }

    @Override
    public void close() {
        glDeleteProgram(pattern);
        glDeleteProgram(look);
        glDeleteVertexArrays(array);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.renderer;

import static org.lwjgl.opengl.GL33C.*;

import java.nio.ByteBuffer;
import org.lwjgl.system.MemoryUtil;

/** A lit knot with a texture of bricks, drawn with its first row at the top, as surfaces have it. Its context is current. */
final class KnotScene implements AutoCloseable {
    private static final String VERTEX =
            """
            #version 330 core
            layout(location = 0) in vec3 place;
            layout(location = 1) in vec3 normal;
            layout(location = 2) in vec2 brick;
            uniform mat3 model;
            uniform mat3 view;
            uniform float distance;
            uniform float aspect;
            out vec3 seen;
            out vec3 facing;
            out vec2 at;
            void main() {
                seen = view * (model * place) - vec3(0.0, 0.0, distance);
                facing = view * (model * normal);
                at = brick;
                float near = 0.5;
                float far = 40.0;
                float focus = 1.8;
                gl_Position = vec4(
                    seen.x * focus / aspect,
                    -seen.y * focus,
                    seen.z * (far + near) / (near - far) + 2.0 * far * near / (near - far),
                    -seen.z);
            }
            """;
    private static final String FRAGMENT =
            """
            #version 330 core
            in vec3 seen;
            in vec3 facing;
            in vec2 at;
            uniform sampler2D bricks;
            out vec4 colour;
            void main() {
                vec3 normal = normalize(facing);
                vec3 eye = normalize(-seen);
                vec3 lamp = normalize(vec3(0.5, 0.8, 0.7));
                float lit = max(dot(normal, lamp), 0.0);
                float shine = pow(max(dot(reflect(-lamp, normal), eye), 0.0), 40.0);
                float rim = pow(1.0 - max(dot(normal, eye), 0.0), 3.0);
                vec3 base = texture(bricks, at).rgb;
                colour = vec4(base * (0.15 + 0.85 * lit) + 0.5 * shine + 0.25 * rim * vec3(0.3, 0.5, 1.0), 1.0);
            }
            """;
    private static final int BRICKS = 128;

    private final int array = glGenVertexArrays();
    private final int corners = glGenBuffers();
    private final int triangles = glGenBuffers();
    private final int texture = glGenTextures();
    private final int program = glCreateProgram();
    private final int count;
    private final float[] matrix = new float[9];

    KnotScene() {
        compile(GL_VERTEX_SHADER, VERTEX);
        compile(GL_FRAGMENT_SHADER, FRAGMENT);
        glLinkProgram(program);
        if (glGetProgrami(program, GL_LINK_STATUS) == GL_FALSE) {
            throw new IllegalStateException(glGetProgramInfoLog(program));
        }
        glBindVertexArray(array);
        glBindBuffer(GL_ARRAY_BUFFER, corners);
        glBufferData(GL_ARRAY_BUFFER, TorusKnot.corners(), GL_STATIC_DRAW);
        int[] indices = TorusKnot.triangles();
        count = indices.length;
        glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, triangles);
        glBufferData(GL_ELEMENT_ARRAY_BUFFER, indices, GL_STATIC_DRAW);
        attribute(0, 3, 0);
        attribute(1, 3, 3);
        attribute(2, 2, 6);
        paintBricks();
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

    private static void attribute(int location, int size, int first) {
        glEnableVertexAttribArray(location);
        glVertexAttribPointer(
                location, size, GL_FLOAT, false, TorusKnot.STRIDE * Float.BYTES, (long) first * Float.BYTES);
    }

    private void paintBricks() {
        ByteBuffer pixels = MemoryUtil.memAlloc(BRICKS * BRICKS * 4);
        for (int y = 0; y < BRICKS; y++) {
            for (int x = 0; x < BRICKS; x++) {
                int shifted = (x + y / 32 % 2 * 32) % 64;
                boolean mortar = y % 32 < 3 || shifted < 3;
                int grain = (x * 7 + y * 13 + x * y) % 23;
                pixels.put((byte) (mortar ? 190 : 190 - grain))
                        .put((byte) (mortar ? 185 : 84 - grain))
                        .put((byte) (mortar ? 175 : 52))
                        .put((byte) 255);
            }
        }
        pixels.flip();
        glBindTexture(GL_TEXTURE_2D, texture);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, BRICKS, BRICKS, 0, GL_RGBA, GL_UNSIGNED_BYTE, pixels);
        MemoryUtil.memFree(pixels);
        glGenerateMipmap(GL_TEXTURE_2D);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
    }

    /** Draws into the framebuffer that is bound, which has a depth buffer. */
    void draw(Controls controls, double phase) {
        glEnable(GL_DEPTH_TEST);
        glClearColor(0.08f, 0.09f, 0.13f, 1);
        glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT);
        glUseProgram(program);
        turn("model", phase, phase / 3);
        turn("view", controls.yaw(), controls.pitch());
        glUniform1f(glGetUniformLocation(program, "distance"), (float) controls.distance());
        glUniform1f(glGetUniformLocation(program, "aspect"), (float) controls.width() / controls.height());
        glBindVertexArray(array);
        glActiveTexture(GL_TEXTURE0);
        glBindTexture(GL_TEXTURE_2D, texture);
        glDrawElements(GL_TRIANGLES, count, GL_UNSIGNED_INT, 0);
    }

    /** Sets a matrix, column by column: about the vertical axis first, then about the horizontal one. */
    private void turn(String name, double yaw, double pitch) {
        double cosYaw = Math.cos(yaw);
        double sinYaw = Math.sin(yaw);
        double cosPitch = Math.cos(pitch);
        double sinPitch = Math.sin(pitch);
        matrix[0] = (float) cosYaw;
        matrix[1] = (float) (sinPitch * sinYaw);
        matrix[2] = (float) (-cosPitch * sinYaw);
        matrix[3] = 0;
        matrix[4] = (float) cosPitch;
        matrix[5] = (float) sinPitch;
        matrix[6] = (float) sinYaw;
        matrix[7] = (float) (-sinPitch * cosYaw);
        matrix[8] = (float) (cosPitch * cosYaw);
        glUniformMatrix3fv(glGetUniformLocation(program, name), false, matrix);
    }

    @Override
    public void close() {
        glDeleteProgram(program);
        glDeleteTextures(texture);
        glDeleteBuffers(corners);
        glDeleteBuffers(triangles);
        glDeleteVertexArrays(array);
    }
}

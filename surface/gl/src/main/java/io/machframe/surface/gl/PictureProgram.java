/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.GL33C.*;

import io.machframe.surface.convert.BgraConverter;
import io.machframe.surface.convert.Samples;
import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.FormatDescription;
import io.machframe.surface.format.FormatDescription.PlaneShape;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.property.Orientation;
import io.machframe.surface.property.YCbCrMatrix;
import java.util.Locale;

/** The shaders that draw pictures of one format. */
final class PictureProgram {
    private static final String VERTEX =
            """
            #version 330 core
            uniform vec4 area; // first pixel, and how many
            uniform mat2 turn;
            out vec2 at;
            void main() {
                vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0; // of a triangle that covers all
                gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
                vec2 shown = vec2(corner.x, 1.0 - corner.y);
                at = area.xy + (turn * (shown - 0.5) + 0.5) * area.zw;
            }
            """;
    private static final String CHANNELS = "rgba";

    private final int program;
    private final int area;
    private final int turn;
    private final int asIs;
    private final int matrix;
    private final int opaque;
    private final int straight;
    private final float[] turns = new float[4];

    private PictureProgram(int program) {
        this.program = program;
        this.area = glGetUniformLocation(program, "area");
        this.turn = glGetUniformLocation(program, "turn");
        this.asIs = glGetUniformLocation(program, "asIs");
        this.matrix = glGetUniformLocation(program, "matrix");
        this.opaque = glGetUniformLocation(program, "opaque");
        this.straight = glGetUniformLocation(program, "straight");
    }

    static PictureProgram of(PixelFormat format, int target) throws GlException {
        FormatDescription description = format.description()
                .filter(known -> BgraConverter.supports(format))
                .orElseThrow(() -> new GlException(format + " has no colours of a known range to draw"));
        String fragment = fragment(description, target == GL_TEXTURE_RECTANGLE);
        int program = glCreateProgram();
        try {
            compile(program, GL_VERTEX_SHADER, VERTEX);
            compile(program, GL_FRAGMENT_SHADER, fragment);
            glLinkProgram(program);
            if (glGetProgrami(program, GL_LINK_STATUS) == GL_FALSE) {
                throw new GlException("the shaders for " + format + " do not link: " + glGetProgramInfoLog(program));
            }
        } catch (GlException e) {
            glDeleteProgram(program);
            throw e;
        }
        glUseProgram(program);
        for (int i = 0; i < description.planes().size(); i++) {
            glUniform1i(glGetUniformLocation(program, "plane" + i), i);
        }
        return new PictureProgram(program);
    }

    private static void compile(int program, int type, String source) throws GlException {
        int shader = glCreateShader(type);
        glShaderSource(shader, source);
        glCompileShader(shader);
        if (glGetShaderi(shader, GL_COMPILE_STATUS) == GL_FALSE) {
            String log = glGetShaderInfoLog(shader);
            glDeleteShader(shader);
            throw new GlException("a shader does not compile: " + log);
        }
        glAttachShader(program, shader);
        glDeleteShader(shader);
    }

    /** Returns the shader that makes a colour of what the planes of a format have at a place. */
    static String fragment(FormatDescription format, boolean rectangle) {
        StringBuilder text = new StringBuilder("#version 330 core\n");
        StringBuilder samples = new StringBuilder();
        boolean chroma = false;
        boolean colours = false;
        for (int i = 0; i < format.planes().size(); i++) {
            PlaneShape plane = format.planes().get(i);
            text.append("uniform ")
                    .append(rectangle ? "sampler2DRect" : "sampler2D")
                    .append(" plane")
                    .append(i)
                    .append(";\n");
            String[] channels = plane.elementWidth() == 1
                    ? sample(samples, i, plane, rectangle)
                    : samplePair(samples, i, plane, rectangle);
            for (int c = 0; c < plane.components().size() && channels[c] != null; c++) {
                Component component = plane.components().get(c);
                chroma |= isChroma(component.name());
                colours |= component.name() == ComponentName.RED;
                samples.append(assignment(component, channels[c], plane));
            }
        }
        text.append(
                """
                in vec2 at;
                uniform bool asIs;
                uniform vec4 matrix; // red of Cr, green of Cb, green of Cr, blue of Cb
                uniform bool opaque;
                uniform bool straight;
                out vec4 colour;
                void main() {
                    float red = 0.0;
                    float green = 0.0;
                    float blue = 0.0;
                    float luma = 0.0;
                    float cb = 0.0;
                    float cr = 0.0;
                    float alpha = 1.0;
                    ivec2 pixel = ivec2(floor(at));
                """);
        text.append(samples);
        if (chroma) {
            text.append(
                    """
                        red = luma + matrix.x * cr;
                        green = luma + matrix.y * cb + matrix.z * cr;
                        blue = luma + matrix.w * cb;
                    """);
        } else if (!colours) {
            text.append("    red = green = blue = luma;\n");
        }
        text.append(
                """
                    vec3 rgb = clamp(vec3(red, green, blue), 0.0, 1.0);
                    alpha = clamp(alpha, 0.0, 1.0);
                    colour = opaque ? vec4(rgb, 1.0) : vec4(straight ? rgb * alpha : rgb, alpha);
                }
                """);
        return text.toString();
    }

    /** Reads one texel, and returns where each component is in it. */
    private static String[] sample(StringBuilder into, int index, PlaneShape plane, boolean rectangle) {
        String size = String.format("vec2(%d.0, %d.0)", plane.widthDivisor(), plane.heightDivisor());
        String cell = String.format("pixel / ivec2(%d, %d)", plane.widthDivisor(), plane.heightDivisor());
        String name = "plane" + index;
        String smooth = rectangle
                ? String.format("texture(%s, at / %s)", name, size)
                : String.format("texture(%s, at / %s / vec2(textureSize(%s, 0)))", name, size, name);
        into.append(String.format("    vec4 texel%d = asIs ? %s : %s;%n", index, fetch(name, cell, rectangle), smooth));
        String[] channels = new String[plane.components().size()];
        for (int c = 0; c < channels.length; c++) {
            Component component = plane.components().get(c);
            int letter =
                    switch (component.name()) {
                        case RED -> 0;
                        case GREEN -> plane.components().size() == 1 ? 0 : 1;
                        case BLUE -> 2;
                        case ALPHA -> plane.components().size() == 1 ? 0 : 3;
                        default -> c;
                    };
            channels[c] = "texel" + index + "." + CHANNELS.charAt(letter);
        }
        return channels;
    }

    /** Reads the two texels of a pair of pixels, each of chroma and luma, and returns where each component is. */
    private static String[] samplePair(StringBuilder into, int index, PlaneShape plane, boolean rectangle) {
        String name = "plane" + index;
        into.append(String.format(
                "    vec4 first%d = %s;%n", index, fetch(name, "ivec2(pixel.x & ~1, pixel.y)", rectangle)));
        into.append(String.format(
                "    vec4 second%d = %s;%n", index, fetch(name, "ivec2(pixel.x | 1, pixel.y)", rectangle)));
        boolean chromaFirst = isChroma(plane.components().get(0).name());
        String luma = chromaFirst ? "g" : "r";
        String chroma = chromaFirst ? "r" : "g";
        String[] channels = new String[plane.components().size()];
        boolean lumaSeen = false;
        for (int c = 0; c < channels.length; c++) {
            boolean isLuma = !isChroma(plane.components().get(c).name());
            if (isLuma && !lumaSeen) {
                channels[c] =
                        String.format("((pixel.x & 1) == 0 ? first%d.%s : second%d.%s)", index, luma, index, luma);
                lumaSeen = true;
            } else if (isLuma) {
                channels[c] = channels[chromaFirst ? 1 : 0]; // of the other pixel, which is read as the first was
            } else {
                channels[c] = String.format("%s%d.%s", c < 2 ? "first" : "second", index, chroma);
            }
        }
        return channels;
    }

    private static String fetch(String name, String cell, boolean rectangle) {
        return "texelFetch(" + name + ", " + cell + (rectangle ? ")" : ", 0)");
    }

    private static boolean isChroma(ComponentName name) {
        return name == ComponentName.CHROMA_BLUE || name == ComponentName.CHROMA_RED;
    }

    /** Says what a component stands for: OpenGL has the whole number in which its bits are, as a part of the largest. */
    private static String assignment(Component component, String channel, PlaneShape plane) {
        String variable =
                switch (component.name()) {
                    case RED -> "red";
                    case GREEN -> "green";
                    case BLUE -> "blue";
                    case ALPHA -> "alpha";
                    case CHROMA_BLUE -> "cb";
                    case CHROMA_RED -> "cr";
                    default -> "luma";
                };
        if (component.type() == ComponentType.FLOAT) {
            return "    " + variable + " = " + channel + ";\n";
        }
        int stored = storedBits(component, plane);
        int shift = stored > component.bitDepth() ? component.bitOffset() % stored : 0;
        Samples samples = new Samples(component.range(), isChroma(component.name()), component.bitDepth());
        double factor = (Math.scalb(1.0, stored) - 1) * Math.scalb(samples.scale(), -shift);
        return String.format(
                Locale.ROOT,
                "    %s = %s * %.9f - %.9f;%n",
                variable,
                channel,
                factor,
                samples.zero() * samples.scale());
    }

    /** Returns the bits of the number that OpenGL reads: those of the component, or a whole 16 of which it has the top. */
    private static int storedBits(Component component, PlaneShape plane) {
        int of = plane.components().size();
        return component.bitDepth() > Byte.SIZE && of <= 2
                ? plane.bytesPerElement() * Byte.SIZE / of
                : component.bitDepth();
    }

    void use() {
        glUseProgram(program);
    }

    /** Says which pixels are shown and how they are turned. */
    void place(int x, int y, int width, int height, Orientation turned, boolean eachPixel) {
        glUniform4f(area, x, y, width, height);
        turns[0] = turned.a();
        turns[1] = turned.c();
        turns[2] = turned.b();
        turns[3] = turned.d();
        glUniformMatrix2fv(turn, false, turns);
        glUniform1i(asIs, eachPixel ? 1 : 0);
    }

    void matrix(YCbCrMatrix of) {
        glUniform4f(
                matrix, (float) of.redOfCr(), (float) of.greenOfCb(), (float) of.greenOfCr(), (float) of.blueOfCb());
    }

    /** Says what alpha means: nothing, or that colours are to be multiplied by it, or were. */
    void alpha(boolean none, boolean toMultiply) {
        glUniform1i(opaque, none ? 1 : 0);
        glUniform1i(straight, toMultiply ? 1 : 0);
    }

    void delete() {
        glDeleteProgram(program);
    }
}

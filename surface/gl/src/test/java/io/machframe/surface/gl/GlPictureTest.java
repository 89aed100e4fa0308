/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.lwjgl.opengl.GL30C.*;

import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.TestCapability;
import io.machframe.surface.IOSurface;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.convert.BgraConverter;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.FrameColor;
import io.machframe.surface.property.Orientation;
import io.machframe.surface.property.YCbCrMatrix;
import io.machframe.surface.stream.FrameArea;
import io.machframe.surface.stream.FrameInfo;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The shaders against the converter of the processor. */
@RequiresCapability(TestCapability.OPENGL)
class GlPictureTest {
    private HeadlessGl context;
    private GlInterop gl;
    private GlPicture picture;

    @BeforeEach
    void open() throws Exception {
        context = HeadlessGl.openSoftware();
        gl = GlInterop.ofCurrentContext();
        picture = new GlPicture(gl);
    }

    @AfterEach
    void close() {
        picture.close();
        context.close();
    }

    static List<PixelFormat> formats() {
        return Texels.formats().stream().filter(BgraConverter::supports).toList();
    }

    @ParameterizedTest
    @MethodSource("formats")
    void everyFormatIsDrawnAsTheProcessorConvertsIt(PixelFormat format) throws Exception {
        try (IOSurface surface = Texels.surface(67, 35, format);
                GlSurfaceTexture texture = gl.texture(surface)) {
            Texels.fill(surface, 3);
            texture.update();
            for (AlphaMode alpha : AlphaMode.values()) {
                compare(surface, texture, YCbCrMatrix.BT601, alpha);
            }
            for (YCbCrMatrix matrix : YCbCrMatrix.values()) {
                compare(surface, texture, matrix, AlphaMode.NONE);
            }
        }
    }

    private void compare(IOSurface surface, GlSurfaceTexture texture, YCbCrMatrix matrix, AlphaMode alpha)
            throws Exception {
        int[] wanted = new int[67 * 35];
        try (SurfaceLock lock = surface.lock()) {
            BgraConverter.of(surface.pixelFormat(), matrix, alpha).convert(lock.planes(), wanted, 67);
        }
        FrameInfo how = FrameInfo.DEFAULT
                .withAlpha(alpha)
                .withColor(new FrameColor(2, 2, matrix.code(), FrameColor.Range.UNSPECIFIED));
        int[] drawn = draw(texture, how, 67, 35);
        for (int i = 0; i < wanted.length; i++) {
            if (distance(wanted[i], drawn[i]) > 2) {
                assertEquals(
                        Integer.toHexString(wanted[i]),
                        Integer.toHexString(drawn[i]),
                        surface.pixelFormat() + " at " + i % 67 + "," + i / 67 + " " + matrix + " " + alpha);
            }
        }
    }

    private static int distance(int one, int other) {
        int most = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            most = Math.max(most, Math.abs((one >>> shift & 0xff) - (other >>> shift & 0xff)));
        }
        return most;
    }

    /** Draws, and returns the pixels as a window shows them, the upper row first. */
    private int[] draw(GlSurfaceTexture texture, FrameInfo how, int width, int height) throws GlException {
        int into = glGenTextures();
        glBindTexture(GL_TEXTURE_2D, into);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, (ByteBuffer) null);
        int framebuffer = glGenFramebuffers();
        glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
        glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, into, 0);
        glViewport(0, 0, width, height);
        picture.draw(texture, how);
        int[] rows = new int[width * height];
        glReadPixels(0, 0, width, height, GL_BGRA, GL_UNSIGNED_INT_8_8_8_8_REV, rows);
        glDeleteFramebuffers(framebuffer);
        glDeleteTextures(into);
        int[] upright = new int[rows.length];
        for (int y = 0; y < height; y++) {
            System.arraycopy(rows, (height - 1 - y) * width, upright, y * width, width);
        }
        return upright;
    }

    @ParameterizedTest
    @EnumSource
    void picturesAreTurnedAsTheyAreToBeShown(Orientation turned) throws Exception {
        int width = 5;
        int height = 3;
        try (IOSurface surface = Texels.surface(width, height, PixelFormat.BGRA);
                GlSurfaceTexture texture = gl.texture(surface)) {
            try (SurfaceLock lock = surface.lock()) {
                for (int i = 0; i < width * height; i++) {
                    lock.plane(0)
                            .bytes()
                            .putInt(i / width * lock.plane(0).bytesPerRow() + i % width * 4, 0xff000000 | i * 0x0f0603);
                }
            }
            texture.update();
            int shownWidth = turned.isSideways() ? height : width;
            int shownHeight = turned.isSideways() ? width : height;
            int[] wanted = new int[width * height];
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    // Twice the way from the middle, which is between pixels.
                    int right = turned.a() * (2 * x - width + 1) + turned.c() * (2 * y - height + 1);
                    int down = turned.b() * (2 * x - width + 1) + turned.d() * (2 * y - height + 1);
                    wanted[(down + shownHeight - 1) / 2 * shownWidth + (right + shownWidth - 1) / 2] =
                            0xff000000 | (y * width + x) * 0x0f0603;
                }
            }
            assertEquals(
                    Arrays.toString(wanted),
                    Arrays.toString(draw(texture, FrameInfo.DEFAULT.withOrientation(turned), shownWidth, shownHeight)));
        }
    }

    @Test
    void onlyTheCropIsDrawnAndItFillsTheViewport() throws Exception {
        try (IOSurface surface = Texels.surface(64, 48, PixelFormat.NV12_VIDEO);
                GlSurfaceTexture texture = gl.texture(surface)) {
            try (SurfaceLock lock = surface.lock()) {
                ByteBuffer luma = lock.plane(0).bytes();
                ByteBuffer chroma = lock.plane(1).bytes();
                for (int i = 0; i < chroma.capacity(); i++) {
                    chroma.put(i, (byte) 128);
                }
                for (int y = 0; y < 48; y++) {
                    for (int x = 0; x < 64; x++) {
                        boolean inside = x >= 16 && x < 32 && y >= 8 && y < 20;
                        luma.put(y * lock.plane(0).bytesPerRow() + x, (byte) (inside ? 235 : 16));
                    }
                }
            }
            texture.update();
            FrameInfo how = FrameInfo.DEFAULT.withCrop(new FrameArea(16, 8, 16, 12));
            int[] same = draw(texture, how, 16, 12);
            assertEquals(0, Arrays.stream(same).filter(pixel -> pixel != -1).count());
            int[] larger = draw(texture, how, 160, 120);
            assertEquals(-1, larger[60 * 160 + 80], "the middle of the enlarged crop");
        }
    }

    @Test
    void aFormatWithoutColoursIsRefused() throws Exception {
        try (IOSurface surface = Texels.surface(4, 4, PixelFormat.of("fdep"));
                GlSurfaceTexture texture = gl.texture(surface)) {
            texture.update();
            assertThrows(GlException.class, () -> picture.draw(texture, FrameInfo.DEFAULT));
        }
    }
}

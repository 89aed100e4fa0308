/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.GL30C.*;

import io.machframe.surface.IOSurface;
import io.machframe.surface.Surface;
import io.machframe.surface.SurfaceCapability;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lwjgl.system.MemoryUtil;

/**
 * Finds out whether a way to share memory with OpenGL works, by every pixel of a small surface: what the processor wrote is
 * read by OpenGL, and what OpenGL drew by the processor. Once for each driver; that a function is there says little.
 */
final class Probe {
    private static final int WIDTH = 68;
    private static final int HEIGHT = 12;
    private static final int DRAWN = 0xff3366cc;

    /** By path and driver, why it cannot be used; empty if it can. */
    private static final Map<String, String> RESULTS = new ConcurrentHashMap<>();

    private Probe() {}

    /** Returns what does it this way in the current context. Throws {@link GlException} where it does not work. */
    static PlaneBinder binder(GlPath path) throws GlException {
        PlaneBinder binder = open(path);
        String driver =
                path + " " + glGetString(GL_VENDOR) + " " + glGetString(GL_RENDERER) + " " + glGetString(GL_VERSION);
        String refusal = RESULTS.get(driver);
        if (refusal == null) {
            refusal = refusal(binder);
            RESULTS.put(driver, refusal);
        }
        if (!refusal.isEmpty()) {
            throw new GlException(refusal);
        }
        return binder;
    }

    private static PlaneBinder open(GlPath path) throws GlException {
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        if (mac != (path == GlPath.IOSURFACE)) {
            throw new GlException(mac ? "it is for Linux" : "it is for macOS");
        }
        return switch (path) {
            case IOSURFACE -> IOSurfaceBinder.open();
            case DMA_BUF -> EglBinder.open();
            case MEMORY_OBJECT -> MemoryObjectBinder.open();
            case COPY -> new CopyBinder();
        };
    }

    private static String refusal(PlaneBinder binder) {
        SurfaceProperties properties = SurfaceProperties.of(WIDTH, HEIGHT, PixelFormat.RGBA);
        String why = "";
        try (IOSurface surface = IOSurface.create(properties)) {
            test(binder, surface);
        } catch (GlException | SurfaceException e) {
            why = String.valueOf(e.getMessage());
        }
        if (why.isEmpty() || !IOSurface.supports(SurfaceCapability.DMA_BUFS)) {
            return why;
        }
        try (IOSurface surface = IOSurface.createDmaBuf(properties)) { // all that a GPU's driver takes
            test(binder, surface);
            return "";
        } catch (GlException | SurfaceException e) {
            return why + "; of a dma-buf: " + e.getMessage();
        }
    }

    static void test(PlaneBinder binder, Surface surface) throws GlException, SurfaceException {
        PlaneTexels plane = PlaneTexels.of(surface, 0);
        try (SurfaceLock lock = surface.lock()) {
            fill(lock.plane(0).bytes(), plane.bytesPerRow());
        }
        int draw = glGetInteger(GL_DRAW_FRAMEBUFFER_BINDING);
        int read = glGetInteger(GL_READ_FRAMEBUFFER_BINDING);
        int texture = binder.bind(surface, 0, plane, true);
        int framebuffer = glGenFramebuffers();
        ByteBuffer seen = MemoryUtil.memCalloc(HEIGHT * plane.bytesPerRow());
        try {
            glBindFramebuffer(GL_FRAMEBUFFER, framebuffer);
            glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, binder.target(), texture, 0);
            if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE) {
                throw new GlException("the texture cannot be drawn into");
            }
            new PixelTransfer().read(framebuffer, plane, seen);
            requireFilled(seen, plane.bytesPerRow());
            clear();
            glFinish();
        } finally {
            MemoryUtil.memFree(seen);
            glBindFramebuffer(GL_DRAW_FRAMEBUFFER, draw);
            glBindFramebuffer(GL_READ_FRAMEBUFFER, read);
            glDeleteFramebuffers(framebuffer);
            binder.delete(new int[] {texture});
        }
        requireDrawn(surface, plane.bytesPerRow());
    }

    private static int pattern(int x, int y) {
        return 0xff000000 | ((x * 3) << 16) | ((y * 19) << 8) | (x ^ y);
    }

    private static void fill(ByteBuffer bytes, int bytesPerRow) {
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                bytes.putInt(y * bytesPerRow + x * Integer.BYTES, pattern(x, y));
            }
        }
    }

    private static void requireFilled(ByteBuffer seen, int bytesPerRow) throws GlException {
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                if (seen.getInt(y * bytesPerRow + x * Integer.BYTES) != pattern(x, y)) {
                    throw new GlException("OpenGL reads another pixel at " + x + "," + y + " than was written");
                }
            }
        }
    }

    /** Draws the second row, and nothing else, whatever the program has set. */
    private static void clear() {
        boolean scissor = glIsEnabled(GL_SCISSOR_TEST);
        int[] box = new int[4];
        float[] colour = new float[4];
        int[] mask = new int[4];
        glGetIntegerv(GL_SCISSOR_BOX, box);
        glGetFloatv(GL_COLOR_CLEAR_VALUE, colour);
        glGetIntegerv(GL_COLOR_WRITEMASK, mask);
        glEnable(GL_SCISSOR_TEST);
        glScissor(0, 1, WIDTH, 1);
        glColorMask(true, true, true, true);
        glClearColor(0xcc / 255f, 0x66 / 255f, 0x33 / 255f, 1);
        glClear(GL_COLOR_BUFFER_BIT);
        glClearColor(colour[0], colour[1], colour[2], colour[3]);
        glColorMask(mask[0] != 0, mask[1] != 0, mask[2] != 0, mask[3] != 0);
        glScissor(box[0], box[1], box[2], box[3]);
        if (!scissor) {
            glDisable(GL_SCISSOR_TEST);
        }
    }

    private static void requireDrawn(Surface surface, int bytesPerRow) throws GlException {
        try (SurfaceLock lock = surface.lock()) {
            ByteBuffer bytes = lock.plane(0).bytes();
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < WIDTH; x++) {
                    int expected = y == 1 ? DRAWN : pattern(x, y);
                    if (bytes.getInt(y * bytesPerRow + x * Integer.BYTES) != expected) {
                        throw new GlException(
                                "the surface has another pixel at " + x + "," + y + " than OpenGL drew there");
                    }
                }
            }
        }
    }
}

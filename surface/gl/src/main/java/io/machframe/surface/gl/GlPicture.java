/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.GL33C.*;

import io.machframe.surface.Surface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.property.AlphaMode;
import io.machframe.surface.property.Orientation;
import io.machframe.surface.property.YCbCrMatrix;
import io.machframe.surface.stream.FrameArea;
import io.machframe.surface.stream.FrameInfo;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Draws surfaces as pictures: RGB, grey, and YCbCr in planes or packed 4:2:2, to colours with premultiplied alpha, cropped
 * and turned upright. Values are those of {@link io.machframe.surface.convert.BgraConverter}; transfer and primaries are left as
 * they are.
 *
 * <p>A picture fills the viewport. Where that has as many pixels as the picture each is drawn as it is, with the chroma
 * sample that covers it; else it is interpolated, but for packed 4:2:2.
 *
 * <p><b>Threads.</b> As {@link GlInterop}.
 */
public final class GlPicture implements AutoCloseable {
    private final GlInterop gl;
    private final Map<PixelFormat, PictureProgram> programs = new HashMap<>();
    private final int[] viewport = new int[4];
    private int array;

    /** Makes one for a context. */
    public GlPicture(GlInterop gl) {
        this.gl = gl;
    }

    /**
     * Draws a picture into the framebuffer that is bound, its upper edge where {@code y} is greatest, which is up in a
     * window. In a {@link GlSurfaceTarget} that is the last row: there draw it with {@link FrameInfo#withOrientation} of one
     * more mirroring. Changes the program, the vertex array and the textures of the first units; blending and tests apply as they are
     * set.
     *
     * @param how what a stream says of its frame, {@link FrameInfo#DEFAULT} if nothing
     * @throws GlException if the format has no colours that are known, or the driver takes no shader for it
     */
    public void draw(GlSurfaceTexture texture, FrameInfo how) throws GlException {
        gl.requireCurrent();
        Surface surface = texture.surface();
        PictureProgram program = programs.get(surface.pixelFormat());
        if (program == null) {
            program = PictureProgram.of(surface.pixelFormat(), texture.target());
            programs.put(surface.pixelFormat(), program);
        }
        if (array == 0) {
            array = glGenVertexArrays();
        }
        glGetIntegerv(GL_VIEWPORT, viewport);
        program.use();
        for (int i = 0; i < texture.planeCount(); i++) {
            glActiveTexture(GL_TEXTURE0 + i);
            glBindTexture(texture.target(), texture.texture(i));
        }
        place(program, surface, how.crop(), how.orientation());
        program.matrix(
                YCbCrMatrix.ofCode(how.color().matrix()).orElseGet(() -> YCbCrMatrix.ofHeight(surface.height())));
        program.alpha(how.alpha() == AlphaMode.NONE, how.alpha() == AlphaMode.STRAIGHT);
        glBindVertexArray(array);
        glDrawArrays(GL_TRIANGLES, 0, 3);
    }

    private void place(PictureProgram program, Surface surface, @Nullable FrameArea crop, Orientation turned) {
        int x = crop == null ? 0 : crop.x();
        int y = crop == null ? 0 : crop.y();
        int width = crop == null ? surface.width() : crop.width();
        int height = crop == null ? surface.height() : crop.height();
        boolean asIs = viewport[2] == (turned.isSideways() ? height : width)
                && viewport[3] == (turned.isSideways() ? width : height);
        program.place(x, y, width, height, turned, asIs);
    }

    /** Deletes its shaders, here or, if the context is not current, later. Idempotent. */
    @Override
    public void close() {
        int last = array;
        array = 0;
        if (last != 0) {
            gl.deletions().delete(() -> glDeleteVertexArrays(last));
        }
        programs.values().forEach(program -> gl.deletions().delete(program::delete));
        programs.clear();
    }
}

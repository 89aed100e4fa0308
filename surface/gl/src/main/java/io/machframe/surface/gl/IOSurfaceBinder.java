/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import static org.lwjgl.opengl.GL31C.*;

import io.machframe.surface.Surface;
import io.machframe.surface.format.GlTexture;
import io.machframe.surface.gl.darwin.OpenGlFramework;

/**
 * A texture that is the surface, on macOS. What is drawn is seen by others after a flush, and what others have drawn after
 * the texture was bound again.
 */
final class IOSurfaceBinder implements PlaneBinder {
    private static final String IN_ORDER = "rgba";

    private static boolean bound;

    static IOSurfaceBinder open() throws GlException {
        synchronized (IOSurfaceBinder.class) {
            if (!bound) {
                try {
                    OpenGlFramework.bind(OpenGlFramework.INSTALL_NAME);
                } catch (LinkageError e) {
                    throw new GlException("OpenGL.framework cannot be bound: " + e.getMessage(), e);
                }
                bound = true;
            }
        }
        if (OpenGlFramework.CGLGetCurrentContext() == 0) {
            throw new GlException("the context is not one of CGL");
        }
        return new IOSurfaceBinder();
    }

    @Override
    public GlPath path() {
        return GlPath.IOSURFACE;
    }

    @Override
    public int target() {
        return GL_TEXTURE_RECTANGLE;
    }

    @Override
    public int bind(Surface surface, int index, PlaneTexels plane, boolean toDraw) throws GlException {
        GlTexture format = plane.format();
        GlTexture cgl = format.cgl().orElseThrow(() -> new GlException("CGL takes no " + format));
        if (toDraw && !format.cglSwizzle().equals(IN_ORDER)) {
            throw new GlException("CGL would draw other colours into " + format);
        }
        int before = glGetInteger(GL_TEXTURE_BINDING_RECTANGLE);
        int texture = glGenTextures();
        glBindTexture(GL_TEXTURE_RECTANGLE, texture);
        int error = attach(surface, index, plane, cgl);
        Textures.sampleAsPicture(GL_TEXTURE_RECTANGLE);
        Textures.swizzle(GL_TEXTURE_RECTANGLE, format.cglSwizzle());
        glBindTexture(GL_TEXTURE_RECTANGLE, before);
        if (error != 0) {
            glDeleteTextures(texture);
            throw new GlException("CGLTexImageIOSurface2D: CGL error " + error);
        }
        return texture;
    }

    private static int attach(Surface surface, int index, PlaneTexels plane, GlTexture as) {
        return OpenGlFramework.CGLTexImageIOSurface2D(
                OpenGlFramework.CGLGetCurrentContext(),
                GL_TEXTURE_RECTANGLE,
                as.internalFormat(),
                plane.width(),
                plane.height(),
                as.format(),
                as.type(),
                surface.reference(),
                index);
    }

    @Override
    public void rebind(int texture, Surface surface, int index, PlaneTexels plane) {
        int before = glGetInteger(GL_TEXTURE_BINDING_RECTANGLE);
        glBindTexture(GL_TEXTURE_RECTANGLE, texture);
        glBindTexture(GL_TEXTURE_RECTANGLE, before);
    }

    @Override
    public void finish(BoundPlanes planes, int[] framebuffers) {
        glFlush();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */

/** Surfaces as OpenGL textures and render targets, by LWJGL. */
@SuppressWarnings("requires-automatic") // JNA names its module in its manifest only
module io.machframe.surface.gl {
    requires static transitive org.jspecify;
    requires transitive io.machframe.surface;
    requires com.sun.jna;
    requires org.lwjgl;
    requires org.lwjgl.egl;
    requires org.lwjgl.opengl;

    exports io.machframe.surface.gl;
}

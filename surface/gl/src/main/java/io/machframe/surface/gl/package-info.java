/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Surfaces as OpenGL textures and render targets, in any process that holds them, without a copy where the system can.
 *
 * <p>What is needed is a current OpenGL context that LWJGL knows, of any window library or of {@link
 * io.machframe.surface.gl.HeadlessGl}.
 *
 * <p>A publisher draws into frames:
 *
 * {@snippet class="io.machframe.surface.gl.examples.GlExampleTest" region="draw"}
 *
 * <p>A client shows them:
 *
 * {@snippet class="io.machframe.surface.gl.examples.GlExampleTest" region="show"}
 *
 * <p><b>Threads.</b> As OpenGL has it: the objects of a context are used on the thread where it is current. Any thread may
 * close them; what OpenGL has to delete then waits until the right thread calls again.
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.gl;

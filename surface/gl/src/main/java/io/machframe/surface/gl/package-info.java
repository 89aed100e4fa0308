/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Surfaces as OpenGL textures and render targets, in any process that holds them, without a copy where the system can.
 *
 * <p>What is needed is a current OpenGL context that LWJGL knows, of any window library or of {@link
 * io.machframe.surface.gl.HeadlessGl}. A publisher draws into frames, and a client samples them:
 *
 * <pre>{@code
 * try (HeadlessGl context = HeadlessGl.open();
 *         GlInterop gl = GlInterop.ofCurrentContext();
 *         GlFrameTargets targets = new GlFrameTargets(gl)) {
 *     while (more()) {
 *         try (FrameDraft draft = server.acquire()) {
 *             GlSurfaceTarget target = targets.begin(draft);
 *             drawScene();
 *             target.end();
 *             draft.publish();
 *         }
 *     }
 * }
 *
 * try (GlFrameClient frames = new GlFrameClient(gl, client)) {
 *     while (isOpen()) {
 *         frames.advance();
 *         GlSurfaceTexture newest = frames.texture(); // null before the first frame
 *         drawWindow(newest);
 *     }
 * }
 * }</pre>
 *
 * <p><b>Threads.</b> As OpenGL has it: the objects of a context are used on the thread where it is current. Any thread may
 * close them; what OpenGL has to delete then waits until the right thread calls again.
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.gl;

/* SPDX-License-Identifier: Apache-2.0 */
<<<<<<< HEAD

/** Streams of frames: named servers, their clients, pools and delivery. */
@org.jspecify.annotations.NullMarked
=======
/**
 * Frames published under a name, for any number of clients in any process of the user, without copying them.
 *
 * <p>The publisher:
 *
 * <pre>{@code
 * try (FrameServer server = FrameServer.builder("camera")
 *         .format(FrameFormat.of(1920, 1080, PixelFormat.BGRA))
 *         .open()) {
 *     while (more()) {
 *         try (FrameDraft draft = server.acquire()) {
 *             draw(draft.surface());
 *             draft.publish();
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>A client:
 *
 * <pre>{@code
 * try (FrameClient client = FrameClient.connect("camera")) {
 *     while (client.end().isEmpty()) {
 *         try (Frame frame = client.receive()) {
 *             if (frame != null) {
 *                 look(frame.surface());
 *             }
 *         }
 *     }
 * }
 * }</pre>
 */
>>>>>>> 8d5f7ec (stream: rebuild streams over leases, a shared bell and notifications)
package io.machframe.surface.stream;

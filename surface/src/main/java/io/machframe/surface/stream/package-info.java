/* SPDX-License-Identifier: Apache-2.0 */

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
@org.jspecify.annotations.NullMarked
package io.machframe.surface.stream;

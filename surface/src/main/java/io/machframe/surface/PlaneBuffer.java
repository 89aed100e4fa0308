/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import java.nio.ByteBuffer;

/**
 * The bytes of one plane and how to find a pixel in them: row {@code y} of elements begins at {@code y * bytesPerRow}.
 *
 * <p>A {@link SurfaceLock} gives those of a surface; memory of the caller's own is described the same way.
 *
 * @param bytes the plane, its first byte at index 0, whatever the position
 * @param bytesPerRow bytes from one row of elements to the next, padding included
 * @param width pixels of this plane in a row
 * @param height rows of pixels of this plane
 * @param bytesPerElement bytes of one element, which is one pixel unless the format packs several
 */
public record PlaneBuffer(ByteBuffer bytes, int bytesPerRow, int width, int height, int bytesPerElement) {}

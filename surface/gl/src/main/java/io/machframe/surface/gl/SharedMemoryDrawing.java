/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl;

import io.machframe.surface.Surface;
import org.lwjgl.opengl.GL11C;

/** How drawing into memory that others see ends. */
final class SharedMemoryDrawing {
    private SharedMemoryDrawing() {}

    /**
     * Waits until all is drawn: no fence of OpenGL crosses to a process that reads the memory with its processor, and on
     * software OpenGL waiting for one is no faster. Then counts as one change, as writing under a lock does.
     */
    static void finish(Surface surface) {
        GL11C.glFinish();
        surface.lock().close();
    }
}

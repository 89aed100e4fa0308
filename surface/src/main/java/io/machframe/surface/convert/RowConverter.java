/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.convert;

import io.machframe.surface.PlaneBuffer;
import java.util.List;

/** Converts one row at a time, of planes that are known to be large enough. Keeps what it needs between calls. */
interface RowConverter {
    /**
     * Converts a row.
     *
     * @param at where in {@code pixels} the row begins
     */
    void convert(List<PlaneBuffer> planes, int row, int width, int[] pixels, int at);
}

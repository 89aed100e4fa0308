/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.linux;

import io.machframe.surface.property.SurfaceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One component of a plane as the control block of a surface has it. Nobody here acts on these numbers. */
record StoredComponent(int name, int type, int range, int bitDepth, int bitOffset) {
    /** Reads the lists of a plane's dictionary; what is not there is 0. */
    static List<StoredComponent> of(Map<SurfaceKey, ?> values) {
        List<StoredComponent> components = new ArrayList<>();
        int count = list(values, SurfaceKey.PLANE_COMPONENT_NAMES).size();
        for (int i = 0; i < count; i++) {
            components.add(new StoredComponent(
                    number(values, SurfaceKey.PLANE_COMPONENT_NAMES, i),
                    number(values, SurfaceKey.PLANE_COMPONENT_TYPES, i),
                    number(values, SurfaceKey.PLANE_COMPONENT_RANGES, i),
                    number(values, SurfaceKey.PLANE_COMPONENT_BIT_DEPTHS, i),
                    number(values, SurfaceKey.PLANE_COMPONENT_BIT_OFFSETS, i)));
        }
        return components;
    }

    private static List<?> list(Map<SurfaceKey, ?> values, SurfaceKey key) {
        return values.get(key) instanceof List<?> list ? list : List.of();
    }

    private static int number(Map<SurfaceKey, ?> values, SurfaceKey key, int index) {
        List<?> list = list(values, key);
        return index < list.size() && list.get(index) instanceof Number number ? number.intValue() : 0;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import java.nio.charset.StandardCharsets;

/** How the names of message ports are cut. */
final class PortNames {
    /** What CFMessagePort keeps of a name, in bytes of UTF-8. */
    private static final int MAX_NAME = 128;

    /** What the bootstrap server keeps of it. */
    private static final int MAX_SERVICE = 127;

    private PortNames() {}

    static boolean hasZero(String name) {
        return name.indexOf('\0') >= 0;
    }

    /** Returns a name as its port tells it. */
    static String cut(String name) {
        return cut(name, MAX_NAME);
    }

    /** Returns a name as the bootstrap server knows it. */
    static String service(String name) {
        return cut(name, MAX_SERVICE);
    }

    private static String cut(String name, int bytes) {
        if (name.getBytes(StandardCharsets.UTF_8).length <= bytes) {
            return name;
        }
        int size = 0;
        int end = 0;
        while (end < name.length()) {
            int point = name.codePointAt(end);
            int more = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (size + more > bytes) {
                break;
            }
            size += more;
            end += Character.charCount(point);
        }
        return name.substring(0, end);
    }
}

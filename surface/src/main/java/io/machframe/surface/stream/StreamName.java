/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import java.nio.charset.StandardCharsets;

/** How the name of a stream becomes that of a service. */
final class StreamName {
    static final int MAX_BYTES = 100;

    private static final String PREFIX = "io.machframe.stream.";

    private StreamName() {}

    /** Returns the service name. Throws {@link IllegalArgumentException} that names what is wrong with the stream's. */
    static String service(String stream) {
        int size = stream.getBytes(StandardCharsets.UTF_8).length;
        boolean control = stream.chars().anyMatch(Character::isISOControl);
        if (size == 0 || size > MAX_BYTES || control) {
            throw new IllegalArgumentException("a stream name has 1 to " + MAX_BYTES
                    + " bytes of UTF-8 and no control characters; this one has " + size + " bytes"
                    + (control ? " with control characters" : ""));
        }
        return PREFIX + stream;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.util.Locale;

/** What a message of the messages benchmark carries. */
enum MessageCargo {
    /** 100 bytes. */
    BYTES,
    /** The same and a send right. */
    RIGHT;

    static MessageCargo of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

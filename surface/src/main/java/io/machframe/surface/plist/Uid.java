/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.plist;

/**
 * A reference to another object of a keyed archive, {@code CFKeyedArchiverUID}; property lists of other kinds have none.
 *
 * @param value from 0 to 0xffffffff
 */
public record Uid(long value) {
    static final long MAX = 0xffff_ffffL;

    public Uid {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException("a UID is from 0 to 0xffffffff, not " + value);
        }
    }
}

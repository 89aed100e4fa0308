/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.wire;

/** A right made of descriptors, which travel beside a message. */
public interface Transferable {
    /** Returns what the right is made of, one of {@link WireLayout}'s kinds. */
    int kind();

    /** Returns the number of a send-once right, else 0. */
    default int onceId() {
        return 0;
    }

    int fdCount();

    int fd(int index);

    /** Gets ready for a packet. Returns 0 or the errno. */
    default int prepare() {
        return 0;
    }

    /** A packet has taken copies of the descriptors along: what this right stands for lives on there. */
    default void transferred() {}
}

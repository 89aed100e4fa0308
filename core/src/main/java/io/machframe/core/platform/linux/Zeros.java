/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;

/** Constant zero bytes, as many as a queue can have places. */
final class Zeros {
    static final int SIZE = Mach.MACH_PORT_QLIMIT_MAX;

    private static final MessageBuffer BUFFER = Memory.allocate(SIZE);
    static final long ADDRESS = BUFFER.address();

    private Zeros() {}
}

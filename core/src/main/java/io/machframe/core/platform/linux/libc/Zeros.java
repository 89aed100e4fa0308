/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.libc;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageBuffer;

/** Constant zero bytes, as many as a queue can have places. */
public final class Zeros {
    public static final int SIZE = Mach.MACH_PORT_QLIMIT_MAX;

    private static final MessageBuffer BUFFER = NativeMemory.allocate(SIZE);
    public static final long ADDRESS = BUFFER.address();

    private Zeros() {}
}

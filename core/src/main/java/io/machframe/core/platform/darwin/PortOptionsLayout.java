/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

/**
 * Where the fields of {@code mach_port_options_t} lie, in bytes. The words after the queue limit belong to flags that
 * this library does not set; the kernel wants them 0.
 *
 * <pre>
 *   0  flags (4)   4  mpl.mpl_qlimit (4)   8  reserved (2 x 8)
 * </pre>
 */
final class PortOptionsLayout {
    static final int FLAGS = 0;
    static final int QUEUE_LIMIT = 4;
    static final int RESERVED = 8;
    static final int SIZE = 24;

    private PortOptionsLayout() {}
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

/**
 * A {@code mach_port_name_t}: what this process calls the rights it holds to one port. Equal names mean the same port,
 * as long as a right is held. A name owns nothing; it is for comparing, for logs, and for native code.
 *
 * @param value the number, meaningful in this process only
 */
public record PortName(int value) {
    @Override
    public String toString() {
        return "0x" + Integer.toHexString(value);
    }
}

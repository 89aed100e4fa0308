/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Ports, and the rights by which a task uses them. A port is a queue of messages in the kernel. Exactly one {@link
 * io.machframe.core.port.ReceiveRight} receives from it; any number of {@link io.machframe.core.port.SendRight}s send
 * to it; a {@link io.machframe.core.port.SendOnceRight} sends one message. Rights travel in messages, so they can go
 * to other processes. Each right is owned by its Java object: close it, or move it into a message.
 *
 * {@snippet class="io.machframe.core.examples.PortExampleTest" region="rights"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.core.port;

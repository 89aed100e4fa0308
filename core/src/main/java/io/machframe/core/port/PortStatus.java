/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

/**
 * What a receive right knows of its port, {@code mach_port_status_t}.
 *
 * @param makeSendCount how many send rights were made from the receive right
 * @param queueLimit how many messages the queue takes
 * @param messageCount how many wait in it
 * @param hasSendRights whether a send right exists anywhere, in a process or in a message
 */
public record PortStatus(int makeSendCount, int queueLimit, int messageCount, boolean hasSendRights) {}

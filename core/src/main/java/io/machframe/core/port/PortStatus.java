/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.platform.Mach;

/**
 * What a receive right knows of its port, {@code mach_port_status_t}.
 *
 * @param inSet whether it is a member of a port set
 * @param sequenceNumber the number that the next message received will have
 * @param makeSendCount how many send rights were made from the receive right, an unsigned number
 * @param queueLimit how many messages the queue takes
 * @param messageCount how many wait in it
 * @param sendOnceRights how many send-once rights exist anywhere
 * @param hasSendRights whether a send right exists anywhere, in a process or in a message
 * @param portDestroyedRequested whether somebody inherits it, {@link ReceiveRight#requestPortDestroyed}
 * @param noSendersRequested whether somebody waits for the last sender's end, {@link ReceiveRight#requestNoSenders}
 * @param guarded whether it is guarded
 * @param strictlyGuarded whether the guard cannot be read
 */
public record PortStatus(
        boolean inSet,
        int sequenceNumber,
        int makeSendCount,
        int queueLimit,
        int messageCount,
        int sendOnceRights,
        boolean hasSendRights,
        boolean portDestroyedRequested,
        boolean noSendersRequested,
        boolean guarded,
        boolean strictlyGuarded) {

    /** Decodes the ints of {@code MACH_PORT_RECEIVE_STATUS}, in the order of the C structure. */
    static PortStatus of(int[] info) {
        int flags = info[9];
        return new PortStatus(
                info[0] != 0,
                info[1],
                info[2],
                info[3],
                info[4],
                info[5],
                info[6] != 0,
                info[7] != 0,
                info[8] != 0,
                (flags & Mach.MACH_PORT_STATUS_FLAG_GUARDED) != 0,
                (flags & Mach.MACH_PORT_STATUS_FLAG_STRICT_GUARD) != 0);
    }
}

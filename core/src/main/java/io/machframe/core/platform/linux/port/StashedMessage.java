/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.port;

import static io.machframe.core.error.KernReturn.KERN_SUCCESS;
import static io.machframe.core.error.KernReturn.MACH_RCV_TOO_LARGE;

import io.machframe.core.platform.kernel.Parcel;

/** A message that is not in the queue any more: too large for the receive that met it, or made by this process's kernel. */
record StashedMessage(Parcel parcel, boolean credited) {
    /**
     * Gives the message to a receive.
     *
     * @return {@code MACH_RCV_TOO_LARGE}, with the size in {@code target}, if the receive takes only {@code size} bytes
     */
    int deliver(Parcel target, int size) {
        target.size(parcel.size());
        target.sentOnce(parcel.sentOnce());
        target.notice(parcel.isNotice());
        if (parcel.size() > size) {
            return MACH_RCV_TOO_LARGE;
        }
        target.buffer().bytes().put(0, parcel.buffer().bytes(), 0, parcel.size());
        target.takeContents(parcel);
        target.sender(parcel.senderPid(), parcel.senderUid(), parcel.senderGid());
        return KERN_SUCCESS;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.Mach;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code mach_port_request_notification}, in terms of rights. */
final class NotificationRequest {
    private NotificationRequest() {}

    /**
     * Asks to be told of {@code right}'s port.
     *
     * @param to where the notification shall go; null to cancel
     * @return the send-once right that was registered before
     */
    static Optional<SendOnceRight> make(PortRight right, int id, int sync, @Nullable ReceiveRight to)
            throws MachException {
        int name = right.pin();
        try {
            int notify = to == null ? Mach.MACH_PORT_NULL : to.pin();
            try {
                return make(right.task(), name, id, sync, notify);
            } finally {
                if (to != null) {
                    to.unpin();
                }
            }
        } finally {
            right.unpin();
        }
    }

    private static Optional<SendOnceRight> make(Task task, int name, int id, int sync, int notify)
            throws MachException {
        int[] previous = new int[1];
        int code =
                task.calls().requestNotification(name, id, sync, notify, Mach.MACH_MSG_TYPE_MAKE_SEND_ONCE, previous);
        KernReturn.check("mach_port_request_notification", code);
        boolean none = Mach.isNullOrDead(previous[0]);
        return none ? Optional.empty() : Optional.of(new SendOnceRight(task, previous[0]));
    }
}

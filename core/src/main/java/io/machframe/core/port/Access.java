/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

import io.machframe.core.error.MachException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MachCalls;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives this library's other packages what is no user's to have. */
final class Access extends PortAccess {
    @Override
    public MachCalls calls(Task task) {
        return task.calls();
    }

    @Override
    public Task taskOn(MachCalls calls) {
        return new Task(calls);
    }

    @Override
    public int pin(PortRight right) {
        return right.pin();
    }

    @Override
    public void unpin(PortRight right) {
        right.unpin();
    }

    @Override
    public int receiveName(MessageSource source) {
        return ((PortRight) source).requireOpen();
    }

    @Override
    public int relinquish(PortRight right) {
        return right.relinquish();
    }

    @Override
    public int relinquishUnguarded(ReceiveRight right) throws MachException {
        return right.relinquishUnguarded();
    }

    @Override
    public Optional<SendOnceRight> requestDeadName(PortRight right, @Nullable ReceiveRight to) throws MachException {
        return NotificationRequest.make(right, Mach.MACH_NOTIFY_DEAD_NAME, 0, to);
    }

    @Override
    public SendRight adoptSend(Task task, int name) {
        return new SendRight(task, PortRight.requireName(name));
    }

    @Override
    public SendOnceRight adoptSendOnce(Task task, int name) {
        return new SendOnceRight(task, PortRight.requireName(name));
    }

    @Override
    public ReceiveRight adoptReceive(Task task, int name, long guard) {
        return ReceiveRight.adopt(task, name, guard);
    }
}

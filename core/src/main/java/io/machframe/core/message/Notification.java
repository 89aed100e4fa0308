/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.port.PortName;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;

/**
 * What the kernel tells of a port's fate, {@code mach/notify.h}. Got from a message by
 * {@link ReceivedMessage#takeNotification}, which believes the kernel only.
 */
public sealed interface Notification {
    /** All rights under a name were released for whose death somebody waited. */
    record PortDeleted(PortName name) implements Notification {}

    /** The queue of a name's port has room. */
    record SendPossible(PortName name) implements Notification {}

    /** A receive right was given up; it is the caller's now, with the messages in its queue. */
    record PortDestroyed(ReceiveRight right) implements Notification {}

    /** The last send right is gone. */
    record NoSenders(int makeSendCount) implements Notification {}

    /** A send-once right was destroyed without being used. */
    record SendOnce() implements Notification {}

    /** A port died; the caller owns one more, dead, reference to its name and closes it. */
    record DeadName(SendRight right) implements Notification {}
}

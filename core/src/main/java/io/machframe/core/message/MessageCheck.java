/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Looks through a received message before anything in it is believed. */
final class MessageCheck {
    private MessageCheck() {}

    /**
     * Returns what is wrong with a message, or null. The descriptor count is then lowered to those that can be read, so
     * that closing the message releases just them.
     */
    static @Nullable String problem(Contents contents) {
        if (!contents.isComplex()) {
            return null;
        }
        ByteBuffer bytes = contents.bytes();
        int count = contents.size < MessageLayout.DESCRIPTORS ? 0 : contents.rightCount();
        int room = (contents.size - MessageLayout.DESCRIPTORS) / MessageLayout.PORT_DESCRIPTOR_SIZE;
        if (count < 0 || count > room) {
            bytes.putInt(MessageLayout.DESCRIPTOR_COUNT, 0);
            return "it announces " + count + " descriptors in " + contents.size + " bytes";
        }
        for (int i = 0; i < count; i++) {
            int at = Contents.descriptor(i);
            int type = bytes.get(at + MessageLayout.DESCRIPTOR_TYPE);
            int disposition = bytes.get(at + MessageLayout.DESCRIPTOR_DISPOSITION);
            boolean isRight =
                    disposition >= Mach.MACH_MSG_TYPE_MOVE_RECEIVE && disposition <= Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
            if (type != MessageLayout.TYPE_PORT || !isRight) {
                bytes.putInt(MessageLayout.DESCRIPTOR_COUNT, i);
                return "descriptor " + i + " has type " + type + " and disposition " + disposition;
            }
        }
        return null;
    }
}

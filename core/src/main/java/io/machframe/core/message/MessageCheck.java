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
        if (count < 0) {
            bytes.putInt(MessageLayout.DESCRIPTOR_COUNT, 0);
            return "it announces " + count + " descriptors";
        }
        int at = MessageLayout.DESCRIPTORS;
        boolean wide = false;
        String problem = null;
        for (int i = 0; i < count && problem == null; i++) {
            problem = problem(bytes, at, contents.size, i);
            if (problem != null) {
                bytes.putInt(MessageLayout.DESCRIPTOR_COUNT, i);
            } else {
                int type = bytes.get(at + MessageLayout.DESCRIPTOR_TYPE);
                wide |= type != MessageLayout.TYPE_PORT;
                at += MessageLayout.descriptorSize(type);
            }
        }
        if (wide) {
            contents.findDescriptors();
        }
        return problem;
    }

    private static @Nullable String problem(ByteBuffer bytes, int at, int size, int index) {
        int room = size - at;
        int type = room < MessageLayout.PORT_DESCRIPTOR_SIZE ? 0 : bytes.get(at + MessageLayout.DESCRIPTOR_TYPE);
        if (room < MessageLayout.descriptorSize(type)) {
            return "it announces a descriptor " + index + " for which its " + size + " bytes have no room";
        }
        int disposition = bytes.get(at + MessageLayout.DESCRIPTOR_DISPOSITION);
        boolean isRight =
                disposition >= Mach.MACH_MSG_TYPE_MOVE_RECEIVE && disposition <= Mach.MACH_MSG_TYPE_PORT_SEND_ONCE;
        boolean known = type >= MessageLayout.TYPE_PORT && type <= MessageLayout.TYPE_GUARDED_PORT;
        return known && (isRight || MessageLayout.isMemory(type))
                ? null
                : "descriptor " + index + " has type " + type + " and disposition " + disposition;
    }
}

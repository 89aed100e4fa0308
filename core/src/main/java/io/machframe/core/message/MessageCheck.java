/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.platform.DescriptorCursor;
import io.machframe.core.platform.Mach;
import io.machframe.core.platform.MessageLayout;
import org.jspecify.annotations.Nullable;

/** Looks through a received message before anything in it is believed. */
final class MessageCheck {
    private MessageCheck() {}

    /**
     * Returns what is wrong with a message, or null. The descriptor count is then lowered to those that can be read, so
     * that closing the message releases just them.
     */
    static @Nullable String problem(Contents contents) {
        DescriptorCursor descriptors = contents.descriptors();
        String problem = null;
        while (problem == null && descriptors.next()) {
            problem = problem(descriptors);
        }
        int readable = problem == null ? descriptors.index() + 1 : descriptors.index();
        if (problem == null) {
            problem = problem(descriptors, contents.size);
        }
        if (problem != null) {
            contents.bytes().putInt(MessageLayout.DESCRIPTOR_COUNT, readable);
        }
        contents.endDescriptors();
        return problem;
    }

    private static @Nullable String problem(DescriptorCursor descriptors, int size) {
        return switch (descriptors.fault()) {
            case NONE -> null;
            case UNKNOWN_TYPE -> "descriptor " + (descriptors.index() + 1) + " is of no known type";
            case TRUNCATED ->
                descriptors.count() < 0
                        ? "it announces " + descriptors.count() + " descriptors"
                        : "it announces " + descriptors.count() + " descriptors, for which its " + size
                                + " bytes have no space";
        };
    }

    private static @Nullable String problem(DescriptorCursor descriptor) {
        int disposition = descriptor.disposition();
        return Mach.isMove(disposition) || descriptor.isMemory()
                ? null
                : "descriptor " + descriptor.index() + " has type " + descriptor.type() + " and disposition "
                        + disposition;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static io.machframe.core.error.KernReturn.KERN_FAILURE;
import static io.machframe.core.error.KernReturn.KERN_INVALID_ARGUMENT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_NAME;
import static io.machframe.core.error.KernReturn.KERN_INVALID_RIGHT;
import static io.machframe.core.error.KernReturn.KERN_INVALID_VALUE;
import static io.machframe.core.platform.Mach.MACH_PORT_DEAD;
import static io.machframe.core.platform.Mach.MACH_PORT_NULL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.platform.Mach;
import org.junit.jupiter.api.Test;

/**
 * The attributes of a port, and its guard: {@code mach_port_get_attributes}, {@code mach_port_set_attributes},
 * {@code mach_port_guard}.
 */
abstract class AttributeContract extends MachCallsContract {
    /** mach_port.c: the order of its checks. */
    @Test
    void attributesWantAKnownFlavorEnoughRoomAndAReceiveRight() {
        int port = receiveRight(task);
        int once = makeSendOnce(task, port);
        answers(KERN_INVALID_ARGUMENT, task.getAttributes(port, 99, new int[10]));
        answers(KERN_FAILURE, task.getAttributes(port, Mach.MACH_PORT_LIMITS_INFO, new int[0]));
        answers(KERN_FAILURE, task.getAttributes(port, Mach.MACH_PORT_RECEIVE_STATUS, new int[9]));
        answers(KERN_INVALID_RIGHT, task.getAttributes(once, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        answers(KERN_INVALID_RIGHT, task.getAttributes(once, Mach.MACH_PORT_RECEIVE_STATUS, new int[10]));
        answers(KERN_INVALID_RIGHT, task.getAttributes(MACH_PORT_NULL, Mach.MACH_PORT_RECEIVE_STATUS, new int[10]));
        answers(KERN_INVALID_ARGUMENT, task.setAttributes(port, 99, new int[10]));
        answers(KERN_FAILURE, task.setAttributes(port, Mach.MACH_PORT_LIMITS_INFO, new int[0]));
        answers(KERN_INVALID_RIGHT, task.setAttributes(once, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        answers(KERN_INVALID_RIGHT, task.setAttributes(MACH_PORT_DEAD, Mach.MACH_PORT_LIMITS_INFO, new int[1]));
        ok(task.deallocate(once));
        release(task, port);
    }

    /** mach_port.c mach_port_get_attributes: it answers a count of 0 and leaves the field as it was. */
    @Test
    void theLimitsOfAConstantAreASuccessThatWritesNothing() {
        int[] info = {77};
        ok(task.getAttributes(MACH_PORT_NULL, Mach.MACH_PORT_LIMITS_INFO, info));
        ok(task.getAttributes(MACH_PORT_DEAD, Mach.MACH_PORT_LIMITS_INFO, info));
        assertEquals(77, info[0]);
    }

    /** mach_port.c mach_port_set_attributes, MACH_PORT_LIMITS_INFO. */
    @Test
    void aQueueLimitIsZeroTo1024() {
        int port = receiveRight(task);
        for (int limit : new int[] {0, 1, 16, 1023, 1024}) {
            setLimit(task, port, limit);
            assertEquals(limit, limit(task, port));
            assertEquals(limit, status(task, port).limit());
        }
        answers(KERN_INVALID_VALUE, task.setAttributes(port, Mach.MACH_PORT_LIMITS_INFO, new int[] {1025}));
        answers(KERN_INVALID_VALUE, task.setAttributes(port, Mach.MACH_PORT_LIMITS_INFO, new int[] {-1}));
        assertEquals(1024, limit(task, port));
        release(task, port);
    }

    /** mach_port.c mach_port_unguard: MACH_PORT_VALID. */
    @Test
    void unguardHasItsOwnAnswerForConstantsAndTakesTheRightGuard() {
        assumeMistakesAreForgiven();
        for (int constant : new int[] {MACH_PORT_NULL, MACH_PORT_DEAD}) {
            answers(KERN_INVALID_NAME, task.unguard(constant, 1));
        }
        int[] port = new int[1];
        ok(task.construct(Mach.MPO_CONTEXT_AS_GUARD | Mach.MPO_STRICT, 0, 7, port));
        answers(KERN_INVALID_ARGUMENT, task.unguard(port[0], 8));
        ok(task.unguard(port[0], 7));
        release(task, port[0]);
    }
}

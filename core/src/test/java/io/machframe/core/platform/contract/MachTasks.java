/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import io.machframe.core.platform.MachCalls;

/** What a contract needs of the platform it runs on. */
interface MachTasks {
    /** Makes a task, or returns the only one. */
    MachCalls newTask();

    /** Gives a task a send right to another's port and returns its name there. */
    int giveSend(MachCalls owner, int receive, MachCalls taker);

    /** Returns whether {@link #newTask} gives tasks with name spaces of their own. */
    boolean areSeparate();

    /**
     * Returns whether a call with a wrong name or count is answered by a code and no more. On macOS the kernel may end
     * the process instead (guard exceptions), so there such calls are not tried.
     */
    boolean forgiveMistakes();

    /** Returns whether {@link Thread#interrupt} ends a wait with {@code MACH_SEND_INTERRUPT} or {@code MACH_RCV_INTERRUPT}. */
    boolean heedInterruption();

    /** Returns how many small messages a queue can hold if its limit allows. */
    int deepestQueue();

    /** Returns the pid that messages of this JVM's tasks carry, or -1 if each task has its own. */
    long pid();

    /** Fails if anything of the tasks is still open. */
    default void requireNothingOpen() {}
}

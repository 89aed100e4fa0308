/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

/**
 * The Mach calls on ports and messages: what crosses into the kernel on macOS, and nothing else.
 *
 * <p>Names and return codes are ints ({@code kern_return_t}, decoded by
 * {@link io.machframe.core.error.KernReturn}), messages are bytes in true layout. There is no policy and no exception
 * here. All calls act on the calling process's own task and are safe from any thread. Out-parameters are arrays, as
 * they are pointers in C; they are written only on success.
 */
public interface MachCalls {
    /** Makes a buffer for {@link #message}, freed by the garbage collector. */
    MessageBuffer newBuffer(int capacity);

    /** Returns the calls on this task's memory. */
    MemoryCalls memory();

    /** {@code mach_port_allocate}. */
    int allocate(int right, int[] name);

    /**
     * {@code mach_port_construct}.
     *
     * @param flags {@code MPO_} flags
     * @param queueLimit used with {@link Mach#MPO_QLIMIT}
     * @param context the guard, with {@link Mach#MPO_CONTEXT_AS_GUARD}, else the context
     */
    int construct(int flags, int queueLimit, long context, int[] name);

    /** {@code mach_port_destruct}. */
    int destruct(int name, int sendDelta, long guard);

    /** {@code mach_port_deallocate}. */
    int deallocate(int name);

    /** {@code mach_port_mod_refs}. */
    int modRefs(int name, int right, int delta);

    /** {@code mach_port_get_refs}. */
    int getRefs(int name, int right, int[] refs);

    /** {@code mach_port_type}. */
    int type(int name, int[] type);

    /** {@code mach_port_insert_right}. */
    int insertRight(int name, int right, int disposition);

    /**
     * {@code mach_port_extract_right}.
     *
     * @param out receives the name of the right taken out and the disposition it has now
     */
    int extractRight(int name, int disposition, int[] out);

    /** {@code mach_port_get_attributes}; {@code info.length} is the count given. */
    int getAttributes(int name, int flavor, int[] info);

    /** {@code mach_port_set_attributes}; {@code info.length} is the count given. */
    int setAttributes(int name, int flavor, int[] info);

    /** {@code mach_port_set_mscount}. */
    int setMakeSendCount(int name, int count);

    /** {@code mach_port_set_seqno}. */
    int setSequenceNumber(int name, int number);

    /** {@code mach_port_get_context}. */
    int getContext(int name, long[] context);

    /** {@code mach_port_set_context}. */
    int setContext(int name, long context);

    /** {@code mach_port_unguard}. */
    int unguard(int name, long guard);

    /** {@code mach_port_insert_member}. */
    int insertMember(int name, int set);

    /** {@code mach_port_extract_member}. */
    int extractMember(int name, int set);

    /** {@code mach_port_move_member}; the null name for {@code set} takes the member out of all its sets. */
    int moveMember(int name, int set);

    /**
     * {@code mach_port_get_set_status}.
     *
     * @param members receives a new array of the members' names
     */
    int getSetStatus(int name, int[][] members);

    /**
     * {@code mach_port_request_notification}.
     *
     * @param id which one, {@code MACH_NOTIFY_}
     * @param notify where it shall go: the name of a right that gives a send-once right by {@code disposition}; null to
     *     cancel
     * @param previous receives the name of the send-once right that was registered before, or null
     */
    int requestNotification(int name, int id, int sync, int notify, int disposition, int[] previous);

    /**
     * {@code mach_msg}, whose last parameter the kernel does not use any more.
     *
     * <p>A send that times out or is interrupted gives the message back in {@code buffer} as the kernel does
     * (pseudo-receive): dispositions in their MOVE form, with the references those stand for.
     *
     * @param timeout milliseconds, used with {@link Mach#MACH_SEND_TIMEOUT} and {@link Mach#MACH_RCV_TIMEOUT}
     */
    int message(MessageBuffer buffer, int options, int sendSize, int receiveSize, int receiveName, int timeout);
}

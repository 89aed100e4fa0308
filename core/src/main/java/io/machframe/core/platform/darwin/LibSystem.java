/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of libSystem that ports and messages need, bound directly; nothing else. Addresses are longs, because a
 * {@code Pointer} costs on the message path. Parameters carry their names in C.
 *
 * <p>The functions can be called once {@link #bind} has returned. Nothing is bound when this class is loaded, so that
 * the tests can bind these very declarations to a library of their own, on any system.
 */
final class LibSystem {
    /** Where every macOS has the library; since macOS 11 the loader finds it there although there is no such file. */
    static final String INSTALL_NAME = "/usr/lib/libSystem.B.dylib";

    /** Variables, {@code mach_port_t}. */
    static final String TASK_SELF = "mach_task_self_";

    static final String BOOTSTRAP_PORT = "bootstrap_port";

    /** A variable, {@code vm_size_t}. */
    static final String PAGE_SIZE = "vm_page_size";

    private LibSystem() {}

    /** Binds every function of this class, for the whole process, and returns the library for its variables. */
    static NativeLibrary bind(String libraryName) {
        NativeLibrary library = NativeLibrary.getInstance(libraryName);
        Native.register(LibSystem.class, library);
        return library;
    }

    static native int mach_port_allocate(int task, int right, long name);

    static native int mach_port_construct(int task, long options, long context, long name);

    static native int mach_port_destruct(int task, int name, int srdelta, long guard);

    static native int mach_port_deallocate(int task, int name);

    static native int mach_port_mod_refs(int task, int name, int right, int delta);

    static native int mach_port_get_refs(int task, int name, int right, long refs);

    static native int mach_port_type(int task, int name, long ptype);

    static native int mach_port_insert_right(int task, int name, int poly, int polyPoly);

    static native int mach_port_extract_right(int task, int name, int msgt_name, long poly, long polyPoly);

    static native int mach_port_get_attributes(
            int task, int name, int flavor, long port_info_out, long port_info_outCnt);

    static native int mach_port_set_attributes(int task, int name, int flavor, long port_info, int port_infoCnt);

    static native int mach_port_set_mscount(int task, int name, int mscount);

    static native int mach_port_set_seqno(int task, int name, int seqno);

    static native int mach_port_get_context(int task, int name, long context);

    static native int mach_port_set_context(int task, int name, long context);

    static native int mach_port_unguard(int task, int name, long guard);

    static native int mach_port_insert_member(int task, int name, int pset);

    static native int mach_port_extract_member(int task, int name, int pset);

    static native int mach_port_move_member(int task, int member, int after);

    static native int mach_port_get_set_status(int task, int name, long members, long membersCnt);

    static native int mach_port_request_notification(
            int task, int name, int msgid, int sync, int notify, int notifyPoly, long previous);

    static native int mach_vm_allocate(int target, long address, long size, int flags);

    static native int mach_vm_deallocate(int target, long address, long size);

    static native int mach_vm_map(
            int target_task,
            long address,
            long size,
            long mask,
            int flags,
            int object,
            long offset,
            int copy,
            int cur_protection,
            int max_protection,
            int inheritance);

    static native int mach_vm_remap(
            int target_task,
            long target_address,
            long size,
            long mask,
            int flags,
            int src_task,
            long src_address,
            int copy,
            long cur_protection,
            long max_protection,
            int inheritance);

    static native int mach_make_memory_entry_64(
            int target_task, long size, long offset, int permission, long object_handle, int parent_entry);

    static native int mach_msg(
            long msg, int option, int send_size, int rcv_size, int rcv_name, int timeout, int notify);

    static native int bootstrap_check_in(int bp, long service_name, long sp);

    static native int bootstrap_register(int bp, long service_name, int sp);

    static native int bootstrap_look_up(int bp, long service_name, long sp);
}

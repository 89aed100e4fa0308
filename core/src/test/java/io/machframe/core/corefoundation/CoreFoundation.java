/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.corefoundation;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of CoreFoundation that a test needs to be the other side of a message port; nothing else. Parameters
 * carry their names in C, addresses are longs.
 */
final class CoreFoundation {
    static final String INSTALL_NAME = "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation";

    /** A variable, {@code CFStringRef}. */
    static final String DEFAULT_MODE = "kCFRunLoopDefaultMode";

    static final int UTF8 = 0x08000100;

    private CoreFoundation() {}

    /** Binds every function of this class, for the whole process, and returns the library for its variables. */
    static NativeLibrary bind() {
        NativeLibrary library = NativeLibrary.getInstance(INSTALL_NAME);
        Native.register(CoreFoundation.class, library);
        return library;
    }

    static native void CFRelease(long cf);

    static native long CFStringCreateWithCString(long alloc, long cStr, int encoding);

    static native long CFDataCreate(long allocator, long bytes, long length);

    static native long CFDataGetLength(long theData);

    static native long CFDataGetBytePtr(long theData);

    static native long CFMessagePortCreateLocal(
            long allocator, long name, long callout, long context, long shouldFreeInfo);

    static native long CFMessagePortCreateRemote(long allocator, long name);

    static native int CFMessagePortSendRequest(
            long remote, int msgid, long data, double sendTimeout, double rcvTimeout, long replyMode, long returnData);

    static native long CFMessagePortCreateRunLoopSource(long allocator, long local, long order);

    static native void CFMessagePortInvalidate(long ms);

    static native long CFMachPortCreateWithPort(
            long allocator, int portNum, long callout, long context, long shouldFreeInfo);

    static native long CFMachPortCreateRunLoopSource(long allocator, long port, long order);

    static native void CFMachPortInvalidate(long port);

    static native long CFRunLoopGetCurrent();

    static native void CFRunLoopAddSource(long rl, long source, long mode);

    static native int CFRunLoopRunInMode(long mode, double seconds, byte returnAfterSourceHandled);
}

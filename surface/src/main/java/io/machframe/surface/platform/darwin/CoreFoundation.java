/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of CoreFoundation that describe a surface, bound directly; nothing else. An object is a
 * {@code CFTypeRef} as a long; those that a function with {@code Create} in its name returns are the caller's to
 * release.
 *
 * <p>The functions can be called once {@link #bind} has returned. Nothing is bound when this class is loaded, so that
 * the tests can bind these very declarations to a library of their own, on any system.
 */
final class CoreFoundation {
    /** Where every macOS has the library; since macOS 11 the loader finds it there although there is no such file. */
    static final String INSTALL_NAME = "/System/Library/Frameworks/CoreFoundation.framework/Versions/A/CoreFoundation";

    /** Variables whose addresses make a collection retain what is put into it. */
    static final String KEY_CALLBACKS = "kCFTypeDictionaryKeyCallBacks";

    static final String VALUE_CALLBACKS = "kCFTypeDictionaryValueCallBacks";
    static final String ARRAY_CALLBACKS = "kCFTypeArrayCallBacks";

    /** The allocator NULL: {@code kCFAllocatorDefault}. */
    static final long DEFAULT_ALLOCATOR = 0;

    /** {@code kCFPropertyListBinaryFormat_v1_0}. */
    static final long BINARY_FORMAT = 200;

    /** {@code kCFPropertyListImmutable}. */
    static final long IMMUTABLE = 0;

    /** {@code kCFNumberSInt64Type}. */
    static final long NUMBER_SINT64 = 4;

    private CoreFoundation() {}

    /** Binds every function of this class, for the whole process, and returns the library for its variables. */
    static NativeLibrary bind(String libraryName) {
        NativeLibrary library = NativeLibrary.getInstance(libraryName);
        Native.register(CoreFoundation.class, library);
        return library;
    }

    static native long CFNumberCreate(long allocator, long theType, long valuePtr);

    static native long CFDictionaryCreateMutable(long allocator, long capacity, long keyCallBacks, long valueCallBacks);

    static native void CFDictionarySetValue(long theDict, long key, long value);

    static native long CFArrayCreateMutable(long allocator, long capacity, long callBacks);

    static native void CFArrayAppendValue(long theArray, long value);

    static native long CFDataCreate(long allocator, long bytes, long length);

    static native long CFDataGetBytePtr(long theData);

    static native long CFDataGetLength(long theData);

    static native long CFPropertyListCreateData(
            long allocator, long propertyList, long format, long options, long error);

    static native long CFPropertyListCreateWithData(long allocator, long data, long options, long format, long error);

    static native long CFRetain(long cf);

    static native void CFRelease(long cf);
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.machframe.core.platform.darwin.Scratch;
import io.machframe.surface.plist.PropertyList;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes CoreFoundation objects for one purpose and releases them all when closed. What else needs one has retained it.
 */
final class OwnedObjects implements AutoCloseable {
    private final Callbacks callbacks;
    private final List<Long> objects = new ArrayList<>();

    /** Addresses of the variables that make collections retain their contents. */
    record Callbacks(long keys, long values, long elements) {}

    /** CoreFoundation had no object to give: the process is out of memory. */
    static final class NoObjectException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    OwnedObjects(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    private long number(long value) {
        Scratch scratch = Scratch.ofThread();
        scratch.putLong(0, value);
        return own(CoreFoundation.CFNumberCreate(
                CoreFoundation.DEFAULT_ALLOCATOR, CoreFoundation.NUMBER_SINT64, scratch.at(0)));
    }

    /** Makes the object of a Java value: a number, an array of such values, or what a property list can hold. */
    long value(Object value) {
        if (value instanceof Long number) {
            return number(number);
        }
        return value instanceof List<?> list ? array(list) : propertyList(PropertyList.encode(value));
    }

    /** Makes the object that a binary property list describes. */
    long propertyList(byte[] bytes) {
        try (Memory memory = new Memory(bytes.length)) {
            memory.write(0, bytes, 0, bytes.length);
            long data = own(CoreFoundation.CFDataCreate(
                    CoreFoundation.DEFAULT_ALLOCATOR, Pointer.nativeValue(memory), bytes.length));
            return own(CoreFoundation.CFPropertyListCreateWithData(
                    CoreFoundation.DEFAULT_ALLOCATOR, data, CoreFoundation.IMMUTABLE, 0, 0));
        }
    }

    /** Returns the binary property list that describes an object. */
    byte[] describe(long object) {
        long data = own(CoreFoundation.CFPropertyListCreateData(
                CoreFoundation.DEFAULT_ALLOCATOR, object, CoreFoundation.BINARY_FORMAT, CoreFoundation.IMMUTABLE, 0));
        int length = Math.toIntExact(CoreFoundation.CFDataGetLength(data));
        return new Pointer(CoreFoundation.CFDataGetBytePtr(data)).getByteArray(0, length);
    }

    private long array(List<?> values) {
        long array = array();
        values.forEach(value -> CoreFoundation.CFArrayAppendValue(array, value(value)));
        return array;
    }

    /** Makes an empty dictionary. */
    long dictionary() {
        return own(CoreFoundation.CFDictionaryCreateMutable(
                CoreFoundation.DEFAULT_ALLOCATOR, 0, callbacks.keys(), callbacks.values()));
    }

    /** Makes an empty array. */
    long array() {
        return own(CoreFoundation.CFArrayCreateMutable(CoreFoundation.DEFAULT_ALLOCATOR, 0, callbacks.elements()));
    }

    /** Takes over an object, and returns it. */
    long own(long object) {
        if (object == 0) {
            throw new NoObjectException();
        }
        objects.add(object);
        return object;
    }

    @Override
    public void close() {
        objects.forEach(CoreFoundation::CFRelease);
    }
}

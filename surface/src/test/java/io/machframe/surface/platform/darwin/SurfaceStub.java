/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import io.machframe.core.testing.abi.StubCall;
import io.machframe.core.testing.abi.StubLibrary;
import io.machframe.surface.property.SurfaceKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * IOSurface.framework and CoreFoundation as one stub, bound in this JVM, and what its log says about the objects that
 * were made: each has a number of its own.
 */
record SurfaceStub(StubLibrary library, DarwinSurfaceCalls calls) {
    static final long SURFACE = 0x6000_0000_0000L;

    private static final long FIRST_STRING = 0x7000_0000_0000L;
    /** All keys but the one that older systems lack, as the table does. */
    private static final List<SurfaceKey> KEYS = Stream.of(SurfaceKey.values())
            .filter(key -> key != SurfaceKey.CONTENT_HEADROOM)
            .toList();

    private static final List<String> CALLBACKS =
            List.of(CoreFoundation.KEY_CALLBACKS, CoreFoundation.VALUE_CALLBACKS, CoreFoundation.ARRAY_CALLBACKS);
    private static final List<String> MAKERS = List.of(
            "CFNumberCreate",
            "CFDictionaryCreateMutable",
            "CFArrayCreateMutable",
            "CFDataCreate",
            "CFPropertyListCreateWithData",
            "CFPropertyListCreateData",
            "IOSurfaceCopyValue",
            "IOSurfaceCopyAllValues");

    private static @Nullable SurfaceStub bound;

    /** Returns the stub that all tests of this JVM share. */
    static synchronized SurfaceStub shared() {
        if (bound == null) {
            bound = bind();
        }
        return bound;
    }

    private static SurfaceStub bind() {
        StubLibrary library = StubLibrary.shared(
                List.of(IOSurfaceFramework.class, CoreFoundation.class),
                Stream.concat(KEYS.stream().map(SurfaceKey::symbol), CALLBACKS.stream())
                        .toList());
        KEYS.forEach(key -> library.setLong(key.symbol(), string(key)));
        String path = library.path().toString();
        return new SurfaceStub(library, new DarwinSurfaceCalls(path, path));
    }

    /** Forgets what was asked, and lets the functions that make objects answer a new one each time. */
    void reset() {
        library.reset();
        library.read("CFNumberCreate", 2, Long.BYTES);
        library.answer("CFNumberCreate", 0x1000_0000_0000L, 0x100);
        library.answer("CFDictionaryCreateMutable", 0x2000_0000_0000L, 0x100);
        library.answer("CFArrayCreateMutable", 0x3000_0000_0000L, 0x100);
        library.answer("CFDataCreate", 0x4000_0000_0000L, 0x100);
        library.answer("CFPropertyListCreateWithData", 0x4100_0000_0000L, 0x100);
        library.answer("IOSurfaceCreate", SURFACE);
    }

    /** Returns the string that a key's variable points to. */
    static long string(SurfaceKey key) {
        return FIRST_STRING + KEYS.indexOf(key);
    }

    /** Returns how often each object was made or retained, less how often it was released. */
    Map<Long, Integer> references() {
        Map<Long, Integer> references = new TreeMap<>();
        for (StubCall call : library.calls()) {
            if (MAKERS.contains(call.function()) && call.result().bits() != 0) {
                references.merge(call.result().bits(), 1, Integer::sum);
            } else if (call.function().equals("CFRetain")) {
                references.merge(call.argument(0), 1, Integer::sum);
            } else if (call.function().equals("CFRelease")) {
                references.merge(call.argument(0), -1, Integer::sum);
            }
        }
        return references;
    }

    /** Returns the dictionary that {@code object} became: by key, what {@link #value} says of each value. */
    Map<SurfaceKey, Object> dictionary(long object) {
        Map<SurfaceKey, Object> dictionary = new HashMap<>();
        for (StubCall call : library.calls("CFDictionarySetValue")) {
            if (call.argument(0) == object) {
                dictionary.put(key(call.argument(1)), value(call.argument(2)));
            }
        }
        return dictionary;
    }

    private static SurfaceKey key(long string) {
        return KEYS.get(Math.toIntExact(string - FIRST_STRING));
    }

    /** Returns a number as a Long, an array as a List, a dictionary as a Map. */
    private Object value(long object) {
        for (StubCall call : library.calls()) {
            if (call.result().bits() == object && call.function().equals("CFNumberCreate")) {
                return call.memory(2).getLong();
            } else if (call.result().bits() == object && call.function().equals("CFArrayCreateMutable")) {
                return library.calls("CFArrayAppendValue").stream()
                        .filter(append -> append.argument(0) == object)
                        .map(append -> value(append.argument(1)))
                        .toList();
            } else if (call.result().bits() == object && call.function().equals("CFPropertyListCreateWithData")) {
                return "property list";
            }
        }
        return dictionary(object);
    }
}

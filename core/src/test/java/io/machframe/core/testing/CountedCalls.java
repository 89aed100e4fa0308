/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.platform.MachCalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes Mach calls on and counts them by name. */
public final class CountedCalls {
    private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
    private final MachCalls calls;

    public CountedCalls(MachCalls target) {
        calls = (MachCalls) Proxy.newProxyInstance(
                MachCalls.class.getClassLoader(), new Class<?>[] {MachCalls.class}, (proxy, method, arguments) -> {
                    counts.computeIfAbsent(method.getName(), name -> new AtomicInteger())
                            .incrementAndGet();
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    public MachCalls calls() {
        return calls;
    }

    public int count(String call) {
        AtomicInteger count = counts.get(call);
        return count == null ? 0 : count.get();
    }

    /** Returns how many calls there were of all names. */
    public int total() {
        return counts.values().stream().mapToInt(AtomicInteger::get).sum();
    }
}

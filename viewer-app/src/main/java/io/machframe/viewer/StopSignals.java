/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * The signals that end a program, handled before the JVM's shutdown: in that, JavaFX stops drawing at once, beside
 * whatever other shutdown hooks do.
 *
 * <p>{@code sun.misc.Signal} is the one way to it. It is part of {@code jdk.unsupported}, which JDKs keep, but the compiler
 * warns of each mention, so it is called by reflection.
 */
final class StopSignals {
    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");

    private StopSignals() {}

    /** Has each of them, instead of ending the process, call the action with the signal's number, on a thread of its own. */
    static void handle(IntConsumer action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object calling = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.accept((int) signal.getMethod("getNumber").invoke(arguments[0]));
                        return null;
                    });
            for (String name : NAMES) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), calling);
            }
        } catch (ReflectiveOperationException e) {
            System.getLogger(StopSignals.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "signals cannot be handled: a snapshot is left only by closing",
                            e);
        }
    }
}

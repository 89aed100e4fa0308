/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import io.machframe.core.platform.Mach;
import java.util.HashMap;
import java.util.Map;

/** The symbols of one task's names. */
final class Names {
    private static final int NEVER_USED = 0x7e0003;
    private static final int FIRST_CHOICE = 0x7f0003;

    private final Map<String, Integer> names = new HashMap<>();
    private final Map<Integer, String> symbols = new HashMap<>();
    private int nextChoice = FIRST_CHOICE;

    Names() {
        bind("NULL", Mach.MACH_PORT_NULL);
        bind("DEAD", Mach.MACH_PORT_DEAD);
        bind("UNALLOC", NEVER_USED);
    }

    /** Returns the name a symbol stands for. */
    int name(String symbol) {
        Integer name = names.get(symbol);
        if (name == null) {
            throw new IllegalArgumentException("nothing is called " + symbol + " yet");
        }
        return name;
    }

    /** Returns the name a symbol stands for, one of our choice if it is new. */
    int chosen(String symbol) {
        Integer name = names.get(symbol);
        if (name != null) {
            return name;
        }
        int choice = nextChoice;
        nextChoice += 0x100;
        bind(symbol, choice);
        return choice;
    }

    boolean has(String symbol) {
        return names.containsKey(symbol);
    }

    /** Lets a symbol stand for a name from now on. */
    void bind(String symbol, int name) {
        names.put(symbol, name);
        symbols.put(name, symbol);
    }

    /** Returns what a name is called; one that nobody has called yet gets {@code fresh} if that is free. */
    String symbol(int name, String fresh) {
        String symbol = symbols.get(name);
        if (symbol == null && !names.containsKey(fresh)) {
            bind(fresh, name);
            return fresh;
        }
        return symbol != null ? symbol : "0x" + Integer.toHexString(name);
    }

    Iterable<String> all() {
        return names.keySet();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Between the numbers of the seam and the words of the traces. */
final class Numbers {
    private static final Map<String, Integer> CONSTANTS = constants();
    private static final String[] RIGHTS = {"SEND", "RECEIVE", "SEND_ONCE", "PORT_SET", "DEAD_NAME"};
    private static final String[] DISPOSITIONS = {
        "MOVE_RECEIVE", "MOVE_SEND", "MOVE_SEND_ONCE", "COPY_SEND", "MAKE_SEND", "MAKE_SEND_ONCE"
    };

    private Numbers() {}

    private static Map<String, Integer> constants() {
        Map<String, Integer> constants = new TreeMap<>();
        try {
            for (Field field : Mach.class.getDeclaredFields()) {
                if (field.getType() == int.class) {
                    constants.put(field.getName(), field.getInt(null));
                }
            }
        } catch (IllegalAccessException e) {
            throw new LinkageError("a constant is not public", e);
        }
        return constants;
    }

    /** Returns the number that a word of constants, joined by bars, or digits stand for. */
    static int of(String words) {
        if (words.matches("-?[0-9]+")) {
            return Integer.parseInt(words);
        }
        int value = 0;
        for (String word : words.split("\\|", -1)) {
            Integer constant = CONSTANTS.get(word);
            if (constant == null) {
                throw new IllegalArgumentException("no constant of the seam is called " + word);
            }
            value |= constant;
        }
        return value;
    }

    static int right(String word) {
        return index(RIGHTS, word, 0);
    }

    static int disposition(String word) {
        return index(DISPOSITIONS, word, Mach.MACH_MSG_TYPE_MOVE_RECEIVE);
    }

    static String disposition(int number) {
        int index = number - Mach.MACH_MSG_TYPE_MOVE_RECEIVE;
        return index >= 0 && index < DISPOSITIONS.length ? DISPOSITIONS[index] : Integer.toString(number);
    }

    private static int index(String[] words, String word, int first) {
        for (int i = 0; i < words.length; i++) {
            if (words[i].equals(word)) {
                return first + i;
            }
        }
        return Integer.parseInt(word);
    }

    static String type(int bits) {
        StringJoiner words = new StringJoiner("|");
        for (int i = 0; i < RIGHTS.length; i++) {
            if ((bits & 1 << (16 + i)) != 0) {
                words.add(RIGHTS[i]);
            }
        }
        if ((bits & Mach.MACH_PORT_TYPE_DNREQUEST) != 0) {
            words.add("DNREQUEST");
        }
        return words.toString();
    }

    /** Returns a code by name; success is called after the call, as in the traces. */
    static String code(int code, boolean message) {
        return code == 0 && message ? "MACH_MSG_SUCCESS" : new KernReturn(code).name();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a step answered, or should: its code, and the other members of the trace's step that can be compared, as text
 * under dotted names such as {@code msg.remote}.
 */
record Answer(@Nullable String code, Map<String, String> members) {
    /** Returns the first member of {@code expected} that this answer has otherwise, in words, or null. */
    @Nullable
    String difference(Answer expected) {
        if (expected.code != null && !expected.code.equals(code)) {
            return "expected " + expected.code + ", got " + code;
        }
        for (Map.Entry<String, String> member : expected.members.entrySet()) {
            String actual = members.get(member.getKey());
            if (!member.getValue().equals(actual)) {
                return "expected " + member.getKey() + " " + member.getValue() + ", got " + actual;
            }
        }
        return null;
    }

    /** Returns this answer with some members another's. */
    Answer with(@Nullable String newCode, Map<String, String> changed) {
        Map<String, String> all = new TreeMap<>(newCode == null || newCode.equals(code) ? members : Map.of());
        all.putAll(changed);
        return new Answer(newCode == null ? code : newCode, all);
    }
}

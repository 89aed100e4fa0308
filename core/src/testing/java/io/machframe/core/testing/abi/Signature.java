/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import java.util.Arrays;
import java.util.List;

/**
 * What a C function takes and gives, as the table spells it: {@code i32(u32,pointer)}.
 *
 * @param variadic whether further arguments may follow, which Apple's arm64 passes in another way
 */
public record Signature(Kind result, List<Kind> parameters, boolean variadic) {
    private static final Kind MORE = new Kind("...");

    static Signature parse(String text) {
        int open = text.indexOf('(');
        if (open < 0 || !text.endsWith(")")) {
            throw new IllegalArgumentException("no signature: " + text);
        }
        List<Kind> parameters = kinds(text.substring(open + 1, text.length() - 1));
        boolean variadic = parameters.contains(MORE);
        return new Signature(
                new Kind(text.substring(0, open)),
                variadic ? parameters.subList(0, parameters.size() - 1) : parameters,
                variadic);
    }

    private static List<Kind> kinds(String list) {
        return list.isEmpty()
                ? List.of()
                : Arrays.stream(list.split(",")).map(Kind::new).toList();
    }

    @Override
    public String toString() {
        String list = String.join(",", parameters.stream().map(Kind::name).toList());
        return result + "(" + list + (variadic ? ",...)" : ")");
    }
}

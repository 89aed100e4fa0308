/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.list;

import java.util.ArrayList;
import java.util.List;

/** Lines of words, each column as wide as its widest. */
final class TextTable {
    /** A longer word moves the rest of its own line only. */
    private static final int WIDEST = 40;

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(List<String> headings) {
        rows.add(headings);
    }

    void add(List<String> row) {
        rows.add(row);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                text.append(row.get(column));
                if (column + 1 < row.size()) {
                    int gap = width(column) - length(row.get(column));
                    text.append(" ".repeat(Math.max(0, gap) + 2));
                }
            }
            text.append(System.lineSeparator());
        }
        return text.toString();
    }

    private int width(int column) {
        return Math.min(
                WIDEST,
                rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0));
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A row of one of the table's files: its cells by the names of their columns. */
record Row(Map<String, String> cells) {
    /** Reads a file of the table, which has a header line, tabs between cells and no quoting. */
    static List<Row> read(String file) {
        String[] lines = Resource.text(file).split("\n", -1);
        String[] columns = lines[0].split("\t", -1);
        List<Row> rows = new ArrayList<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            if (!line.isEmpty()) {
                rows.add(row(file, columns, line.split("\t", -1)));
            }
        }
        return rows;
    }

    private static Row row(String file, String[] columns, String[] cells) {
        if (cells.length != columns.length) {
            throw new IllegalStateException(file + ": " + cells[0] + " has " + cells.length + " cells");
        }
        Map<String, String> byColumn = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i++) {
            byColumn.put(columns[i], cells[i]);
        }
        return new Row(byColumn);
    }

    String cell(String column) {
        String cell = cells.get(column);
        if (cell == null) {
            throw new IllegalArgumentException("no column " + column + " among " + cells.keySet());
        }
        return cell;
    }

    /** Returns the parts of a cell that is a list with commas. */
    Set<String> set(String column) {
        return Set.copyOf(Arrays.asList(cell(column).split(",", -1)));
    }

    boolean holdsOn(Arch arch) {
        return set("archs").contains(arch.label());
    }
}

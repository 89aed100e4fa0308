/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import java.util.Set;

/**
 * Where a name is found at run time.
 *
 * @param symbol what to look up
 * @param library the library to load, by its install name; empty if none exports it
 * @param archs the architectures, under their names in the table
 * @param systems the versions of macOS whose libraries are known to export it
 */
public record Export(String symbol, String library, Set<String> archs, Set<String> systems) {
    static Export of(Row row) {
        return new Export(row.cell("symbol"), row.cell("library"), row.set("symbol_archs"), row.set("exported_in"));
    }
}

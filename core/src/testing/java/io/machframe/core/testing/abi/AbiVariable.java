/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

/**
 * A global variable of the table.
 *
 * @param kind what it holds; a string key holds a pointer
 * @param size in bytes; 0 where only its address is of use
 * @param byAddress whether C code passes its address on, rather than reads it
 */
public record AbiVariable(String name, Kind kind, int size, boolean byAddress, Export export) {
    static AbiVariable ofGlobal(Row row) {
        return new AbiVariable(
                row.cell("name"),
                new Kind(row.cell("kind")),
                row.cell("size").isEmpty() ? 0 : Integer.parseInt(row.cell("size")),
                row.cell("access").equals("address"),
                Export.of(row));
    }

    static AbiVariable ofString(Row row) {
        return new AbiVariable(row.cell("name"), Kind.POINTER, Kind.POINTER.bytes(), false, Export.of(row));
    }
}

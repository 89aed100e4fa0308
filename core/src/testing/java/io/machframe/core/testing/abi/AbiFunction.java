/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

/** A function of the table: how it is called and how it is found. */
public record AbiFunction(String name, Signature signature, Export export) {
    static AbiFunction of(Row row) {
        return new AbiFunction(row.cell("name"), Signature.parse(row.cell("signature")), Export.of(row));
    }
}

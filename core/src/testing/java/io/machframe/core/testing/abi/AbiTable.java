/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import java.math.BigInteger;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What the C interface of macOS is on one architecture, as a compiler saw it in Apple's SDKs: the resource
 * {@code darwin-abi}, whose README tells where each fact comes from. Immutable.
 */
public final class AbiTable {
    private static final Map<Arch, AbiTable> TABLES = new EnumMap<>(Arch.class);

    private final Map<String, AbiFunction> functions;
    private final Map<String, AbiVariable> variables;
    private final Map<String, Long> constants;
    private final Map<String, Integer> sizes;
    private final Map<String, Integer> offsets;

    private AbiTable(Arch arch) {
        this.functions = byName(rows("functions.tsv", arch), AbiFunction::of);
        this.variables = byName(rows("globals.tsv", arch), AbiVariable::ofGlobal);
        this.variables.putAll(byName(rows("cfstring_symbols.tsv", arch), AbiVariable::ofString));
        this.constants = byName(rows("constants.tsv", arch), AbiTable::value);
        rows("macro_samples.tsv", arch).forEach(row -> constants.put(row.cell("expression"), value(row)));
        this.sizes = byName(rows("structs.tsv", arch), row -> Integer.valueOf(row.cell("size")));
        this.offsets = new HashMap<>();
        rows("struct_fields.tsv", arch)
                .forEach(row ->
                        offsets.put(row.cell("struct") + "." + row.cell("field"), Integer.valueOf(row.cell("offset"))));
    }

    /** Returns the table for {@code arch}, which is read once. */
    public static synchronized AbiTable of(Arch arch) {
        return TABLES.computeIfAbsent(arch, AbiTable::new);
    }

    private static List<Row> rows(String file, Arch arch) {
        return Row.read(file).stream().filter(row -> row.holdsOn(arch)).toList();
    }

    /** Returns a value as its 64 bits, since the largest u64 are no long. */
    private static Long value(Row row) {
        return new BigInteger(row.cell("value")).longValue();
    }

    private static <T> Map<String, T> byName(List<Row> rows, Function<Row, T> value) {
        Map<String, T> byName = new HashMap<>();
        for (Row row : rows) {
            if (byName.put(row.cell("name"), value.apply(row)) != null) {
                throw new IllegalStateException("two rows of the table are named " + row.cell("name"));
            }
        }
        return byName;
    }

    /** Returns the names of all functions that begin with {@code prefix}, in their order. */
    public SortedSet<String> functionNames(String prefix) {
        SortedSet<String> names = new TreeSet<>(functions.keySet());
        names.removeIf(name -> !name.startsWith(prefix));
        return names;
    }

    public Optional<AbiFunction> function(String name) {
        return Optional.ofNullable(functions.get(name));
    }

    /** Returns a global variable, one that holds a {@code CFStringRef} included. */
    public Optional<AbiVariable> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    /** Returns the value of a constant, or of an expression of macros that the table holds a sample of. */
    public Optional<Long> constant(String name) {
        return Optional.ofNullable(constants.get(name));
    }

    /** Returns the size of a structure in bytes. */
    public int size(String struct) {
        return known(sizes, struct);
    }

    /** Returns the offset of a field in bytes; for a bit-field, of the byte that holds its lowest bit. */
    public int offset(String struct, String field) {
        return known(offsets, struct + "." + field);
    }

    private static int known(Map<String, Integer> facts, String name) {
        return Optional.ofNullable(facts.get(name))
                .orElseThrow(() -> new IllegalArgumentException("the table has no " + name));
    }
}

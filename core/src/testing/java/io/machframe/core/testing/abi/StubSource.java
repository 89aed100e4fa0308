/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import com.google.errorprone.annotations.FormatMethod;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes the C source of a {@link StubLibrary}: the common part, then what the table says of each name. */
final class StubSource {
    private final StringBuilder source = new StringBuilder(Resource.text("stub-runtime.c"));

    private StubSource() {}

    static String of(Arch arch, List<Class<?>> mappings, List<String> variables) {
        AbiTable table = AbiTable.of(arch);
        List<AbiFunction> functions = mappings.stream()
                .flatMap(mapping -> BindingCheck.natives(mapping).stream())
                .map(Method::getName)
                .map(name -> table.function(name).orElseThrow(() -> unknown(name)))
                .toList();
        StubSource source = new StubSource();
        source.directory(functions);
        for (int i = 0; i < functions.size(); i++) {
            source.function(i, functions.get(i));
        }
        for (String name : variables) {
            source.variable(table.variable(name).orElseThrow(() -> unknown(name)));
        }
        return source.source.toString();
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("the table has no " + name);
    }

    private void directory(List<AbiFunction> functions) {
        line("");
        line("struct function stub_functions[] = {");
        functions.forEach(function -> line("    {.name = \"%s\"},", function.name()));
        line("    {.name = NULL},");
        line("};");
    }

    private void function(int index, AbiFunction function) {
        Signature signature = function.signature();
        line("");
        line("%s %s(%s) {", signature.result().c(), function.export().symbol(), parameters(signature));
        line("    struct function *self = &stub_functions[%d];", index);
        line("    begin(self);");
        for (int i = 0; i < signature.parameters().size(); i++) {
            parameter(i, signature.parameters().get(i));
        }
        answer(signature.result());
        line("}");
    }

    private static String parameters(Signature signature) {
        if (signature.parameters().isEmpty()) {
            return "void";
        }
        return IntStream.range(0, signature.parameters().size())
                .mapToObj(i -> signature.parameters().get(i).c() + " p" + i)
                .collect(Collectors.joining(", "));
    }

    private void parameter(int index, Kind kind) {
        line("    log_value(&p%d, sizeof p%d);", index, index);
        if (kind.isPointer()) {
            line("    log_memory(self, %d, p%d);", index, index);
        }
    }

    private void answer(Kind kind) {
        if (kind.isVoid()) {
            line("    end(self, 0);");
            return;
        }
        line("    %s answer;", kind.c());
        line("    uint64_t bits = end(self, sizeof answer);");
        line("    memcpy(&answer, &bits, sizeof answer);");
        line("    return answer;");
    }

    private void variable(AbiVariable variable) {
        line("");
        if (variable.byAddress()) {
            line("_Alignas(16) char %s[%d];", variable.export().symbol(), Math.max(1, variable.size()));
        } else {
            line("%s %s;", variable.kind().c(), variable.export().symbol());
        }
    }

    @FormatMethod
    private void line(String format, Object... arguments) {
        source.append(String.format(format, arguments)).append('\n');
    }
}

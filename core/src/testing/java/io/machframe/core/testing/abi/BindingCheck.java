/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Compares a class of native methods, or the name of a variable, with the ABI table. Everything that differs is one
 * line of the answer; a right binding has none.
 *
 * <p>Methods must be static and declare the primitive type that has the width of the C type on both architectures: a
 * binding in terms of {@code boolean}, {@code Pointer} or {@code NativeLong} would hide it.
 */
public final class BindingCheck {
    /** The oldest macOS the table knows, and so the oldest that a binding can be promised for. */
    private static final String OLDEST_SYSTEM = "11.3";

    private final List<String> differences = new ArrayList<>();
    private final String library;

    private BindingCheck(String library) {
        this.library = library;
    }

    /**
     * Checks each native method of {@code mapping}.
     *
     * @param library the install name that the class is bound to on macOS
     */
    public static List<String> functions(Class<?> mapping, String library) {
        BindingCheck check = new BindingCheck(library);
        List<Method> methods = natives(mapping);
        if (methods.isEmpty()) {
            check.differences.add(mapping.getName() + " declares no native method");
        }
        for (Arch arch : Arch.values()) {
            methods.forEach(method -> check.function(arch, method));
        }
        return check.differences;
    }

    /** Checks that {@code library} exports a variable and that it holds a {@code kind}. */
    public static List<String> variable(String name, Kind kind, String library) {
        BindingCheck check = new BindingCheck(library);
        for (Arch arch : Arch.values()) {
            check.variable(arch, name, kind);
        }
        return check.differences;
    }

    /** Returns the native methods of a class, in the order of their names. */
    static List<Method> natives(Class<?> mapping) {
        return Arrays.stream(mapping.getDeclaredMethods())
                .filter(method -> Modifier.isNative(method.getModifiers()))
                .sorted(Comparator.comparing(Method::getName))
                .toList();
    }

    private void function(Arch arch, Method method) {
        String name = arch + " " + method.getName();
        if (!Modifier.isStatic(method.getModifiers())) {
            differences.add(name + ": not static");
        }
        Optional<AbiFunction> function = AbiTable.of(arch).function(method.getName());
        if (function.isEmpty()) {
            differences.add(name + ": no such function");
            return;
        }
        export(name, arch, method.getName(), function.get().export());
        signature(name, method, function.get().signature());
    }

    private void variable(Arch arch, String variable, Kind kind) {
        String name = arch + " " + variable;
        Optional<AbiVariable> known = AbiTable.of(arch).variable(variable);
        if (known.isEmpty()) {
            differences.add(name + ": no such variable");
            return;
        }
        export(name, arch, variable, known.get().export());
        if (!known.get().kind().equals(kind)) {
            differences.add(name + ": is " + known.get().kind() + ", bound as " + kind);
        }
    }

    private void export(String name, Arch arch, String bound, Export export) {
        if (!export.symbol().equals(bound)) {
            differences.add(name + ": its symbol is " + export.symbol());
        }
        if (!export.library().equals(library)) {
            differences.add(name + ": exported by '" + export.library() + "', bound to " + library);
        }
        if (!export.archs().contains(arch.label()) || !export.systems().contains(OLDEST_SYSTEM)) {
            differences.add(name + ": exported on " + export.archs() + " by macOS " + export.systems());
        }
    }

    private void signature(String name, Method method, Signature signature) {
        if (signature.variadic()) {
            differences.add(name + ": is variadic, which a fixed binding passes wrongly on arm64");
        }
        type(name + ": result", method.getReturnType(), signature.result());
        Class<?>[] declared = method.getParameterTypes();
        if (declared.length != signature.parameters().size()) {
            differences.add(name + ": declares " + declared.length + " parameters, not " + signature);
            return;
        }
        for (int i = 0; i < declared.length; i++) {
            type(name + ": parameter " + i, declared[i], signature.parameters().get(i));
        }
    }

    private void type(String what, Class<?> declared, Kind kind) {
        Optional<Class<?>> wanted = kind.javaType();
        if (wanted.isEmpty()) {
            differences.add(what + " is " + kind + ", which is not passed as a scalar");
        } else if (!wanted.get().equals(declared)) {
            differences.add(what + " is " + kind + ", so " + wanted.get() + ", not " + declared.getSimpleName());
        }
    }
}

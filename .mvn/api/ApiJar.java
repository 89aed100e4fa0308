/* SPDX-License-Identifier: Apache-2.0 */

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the public API of a compiled module into a jar: the public types of the packages it exports to everybody, their
 * public and protected members, no code. The same input makes the same bytes.
 */
final class ApiJar {
    private static final ClassFile CLASS_FILE = ClassFile.of(ConstantPoolSharingOption.NEW_POOL);
    private static final LocalDateTime TIME = LocalDateTime.of(2025, 1, 1, 0, 0);

    private ApiJar() {}

    /** Takes the folder of the classes, and the jar to write. */
    public static void main(String[] arguments) throws IOException {
        Path classes = Path.of(arguments[0]);
        try (OutputStream file = Files.newOutputStream(Path.of(arguments[1]));
                ZipOutputStream jar = new ZipOutputStream(file)) {
            for (Path path : exportedClasses(classes)) {
                ClassModel model = CLASS_FILE.parse(path);
                if (isApi(model.flags().flagsMask())) {
                    ZipEntry entry = new ZipEntry(classes.relativize(path).toString());
                    entry.setTimeLocal(TIME);
                    jar.putNextEntry(entry);
                    jar.write(withoutCode(model));
                }
            }
        }
    }

    private static List<Path> exportedClasses(Path classes) throws IOException {
        ModuleDescriptor module;
        try (InputStream stream = Files.newInputStream(classes.resolve("module-info.class"))) {
            module = ModuleDescriptor.read(stream);
        }
        return module.exports().stream()
                .filter(exported -> !exported.isQualified())
                .map(exported -> classes.resolve(exported.source().replace('.', '/')))
                .flatMap(ApiJar::files)
                .filter(path -> path.toString().endsWith(".class"))
                .sorted()
                .toList();
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] withoutCode(ClassModel model) {
        return CLASS_FILE.transformClass(model, (type, element) -> {
            switch (element) {
                case SourceFileAttribute ignored -> {}
                case FieldModel field when !isApi(field.flags().flagsMask()) -> {}
                case MethodModel method when !isApi(method.flags().flagsMask()) -> {}
                case MethodModel method ->
                    type.transformMethod(method, (builder, part) -> {
                        if (!(part instanceof CodeModel)) {
                            builder.with(part);
                        }
                    });
                default -> type.with(element);
            }
        });
    }

    private static boolean isApi(int flags) {
        return (flags & (ClassFile.ACC_PUBLIC | ClassFile.ACC_PROTECTED)) != 0;
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.testing.abi.AbiTable;
import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.PlaneProperties;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.CacheMode;
import io.machframe.surface.property.PurgeState;
import io.machframe.surface.property.SurfaceKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page that maps the C API to this one, against both. */
final class ApiDocumentationTest {
    private static final Map<String, Class<?>> CLASSES = Stream.of(
                    IOSurface.class,
                    Attachments.class,
                    SurfaceLock.class,
                    Plane.class,
                    SurfaceLayout.class,
                    PlaneProperties.class,
                    SurfaceProperties.class,
                    LockOption.class,
                    Component.class,
                    ComponentName.class,
                    ComponentType.class,
                    ComponentRange.class,
                    Subsampling.class,
                    CacheMode.class,
                    PurgeState.class,
                    SurfaceKey.class,
                    KernReturn.class)
            .collect(Collectors.toMap(Class::getSimpleName, type -> type));

    private static List<String> page() throws IOException {
        return Files.readAllLines(Path.of("docs/iosurface-api.md"));
    }

    private static Set<String> firstCells() throws IOException {
        return page().stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`", -1)[1])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"functions.tsv", "cfstring_symbols.tsv", "constants.tsv"})
    void everyNameInCHasARow(String file) throws IOException {
        try (InputStream table = AbiTable.class.getResourceAsStream("/darwin-abi/" + file)) {
            assertTrue(table != null, file);
            Set<String> missing = new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .filter(cells -> cells[1].equals("iosurface"))
                    .map(cells -> cells[0])
                    .collect(Collectors.toCollection(TreeSet::new));
            assertTrue(missing.size() > 30, "the table was not read");
            missing.removeAll(firstCells());
            assertEquals(Set.of(), missing);
        }
    }

    @Test
    void everyNameInJavaIsThere() throws IOException {
        Pattern name = Pattern.compile("`(?:[A-Z]\\w+\\.)??([A-Z]\\w+)\\.(\\w+)`");
        int found = 0;
        for (String line : page()) {
            Matcher matcher = name.matcher(line);
            while (matcher.find()) {
                Class<?> type = CLASSES.get(matcher.group(1));
                assertTrue(type != null && has(type, matcher.group(2)), matcher::group);
                found++;
            }
        }
        assertTrue(found > 100, "only " + found + " names");
    }

    private static boolean has(Class<?> type, String member) {
        return Arrays.stream(type.getMethods())
                        .anyMatch(method -> method.getName().equals(member))
                || Arrays.stream(type.getFields())
                        .anyMatch(field -> field.getName().equals(member));
    }

    /** What there is only on macOS, or is a class here. */
    @Test
    void nothingElseIsMissing() throws IOException {
        Set<String> missing = page().stream()
                .filter(line -> line.startsWith("| `") && line.contains("| - |"))
                .map(line -> line.split("`", -1)[1])
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(
                Set.of(
                        "IOSurfaceCreateXPCObject",
                        "IOSurfaceGetTypeID",
                        "IOSurfaceLookupFromXPCObject",
                        "IOSurfaceSetOwnershipIdentity"),
                missing);
    }

    @Test
    void everyKeyHasARow() throws IOException {
        Set<String> rows = firstCells();
        for (SurfaceKey key : SurfaceKey.values()) {
            assertTrue(rows.contains(key.symbol()), key::symbol);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

import io.machframe.surface.format.FormatDescription.PlaneShape;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a row of {@link FormatCatalogue}, which explains what stands in it. */
final class FormatRow {
    private static final int FIRST_NAME = 6;
    private static final List<Dialect> NAMES = List.of(Dialect.DRM, Dialect.FFMPEG, Dialect.GSTREAMER, Dialect.JAVAFX);
    private static final String NONE = "-";
    private static final String SEPARATOR = " \\+ ";

    private FormatRow() {}

    static FormatDescription parse(String line) {
        List<String> cells = split(line, "\\|");
        ComponentRange range = ComponentRange.valueOf(cells.get(2).toUpperCase(Locale.ROOT));
        List<String> planeCells = split(cells.get(4), SEPARATOR);
        List<String> textures = split(cells.get(5), SEPARATOR);
        List<PlaneShape> planes = new ArrayList<>();
        int rowAlignment = 1;
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        for (int i = 0; i < planeCells.size(); i++) {
            PlaneCell cell = new PlaneCell(planeCells.get(i), range);
            planes.add(cell.shape(texture(textures, i)));
            rowAlignment = Math.max(rowAlignment, cell.rowAlignment);
            order = cell.order;
        }
        return new FormatDescription(
                PixelFormat.parse(cells.get(0)),
                cells.get(1),
                range,
                subsampling(cells.get(3)),
                order,
                planes,
                rowAlignment,
                names(cells));
    }

    private static List<String> split(String text, String separator) {
        return List.of(text.trim().split("\\s*" + separator + "\\s*"));
    }

    private static Optional<GlTexture> texture(List<String> cells, int plane) {
        return cells.get(0).equals(NONE) ? Optional.empty() : Optional.of(GlTexture.valueOf(cells.get(plane)));
    }

    private static Subsampling subsampling(String cell) {
        return cell.equals("none") ? Subsampling.NONE : Subsampling.valueOf("YUV_" + cell);
    }

    private static Map<Dialect, List<String>> names(List<String> cells) {
        Map<Dialect, List<String>> names = new EnumMap<>(Dialect.class);
        for (int i = 0; i < NAMES.size(); i++) {
            String cell = cells.get(FIRST_NAME + i);
            if (!cell.equals(NONE)) {
                names.put(NAMES.get(i), split(cell, " "));
            }
        }
        return names;
    }

    /** One plane of a row. */
    private static final class PlaneCell {
        private final List<Component> components = new ArrayList<>();
        private final ComponentRange range;
        private Size divisor = new Size(1, 1);
        private Size element = new Size(1, 1);
        private int rowAlignment = 1;
        private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        private int bits;

        private record Size(int width, int height) {
            static Size parse(String text) {
                List<String> sides = split(text, "x");
                return new Size(Integer.parseInt(sides.get(0)), Integer.parseInt(sides.get(1)));
            }
        }

        PlaneCell(String cell, ComponentRange range) {
            this.range = range;
            split(cell, " ").forEach(this::read);
        }

        private void read(String word) {
            char first = word.charAt(0);
            if (first == '/') {
                divisor = Size.parse(word.substring(1));
            } else if (Character.isDigit(first)) {
                element = Size.parse(word);
            } else if (word.startsWith("rows")) {
                rowAlignment = Integer.parseInt(word.substring("rows".length()));
            } else if (word.equals("be")) {
                order = ByteOrder.BIG_ENDIAN;
            } else if (first == '_') {
                bits += Integer.parseInt(word.substring(1));
            } else {
                readComponent(ComponentName.ofLetter(first), word.substring(1));
            }
        }

        private void readComponent(ComponentName name, String rest) {
            boolean real = rest.endsWith("f");
            int depth = Integer.parseInt(real ? rest.substring(0, rest.length() - 1) : rest);
            components.add(new Component(
                    name,
                    real ? ComponentType.FLOAT : ComponentType.UNSIGNED_INTEGER,
                    name == ComponentName.ALPHA ? ComponentRange.FULL : range,
                    depth,
                    bits));
            bits += depth;
        }

        PlaneShape shape(Optional<GlTexture> texture) {
            if (bits % Byte.SIZE != 0) {
                throw new IllegalStateException("an element of " + bits + " bits is no number of bytes");
            }
            return new PlaneShape(
                    divisor.width,
                    divisor.height,
                    bits / Byte.SIZE,
                    element.width,
                    element.height,
                    components,
                    texture);
        }
    }
}

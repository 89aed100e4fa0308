#!/usr/bin/env bash
# JavaFX's software Canvas loses a column of a mirrored picture when image smoothing is off.
#
# Versions: JavaFX 21.0.12 (base, graphics; Linux), Monocle 17.0.10, -Dprism.order=sw, JDK 17 or later.
#           JavaFX 26.0.2 with -Dglass.platform=Headless on JDK 25 does the same.
# Guess:    at scale 1 smoothing makes no difference: a picture mirrored (scale(-1, 1), or a negative width) or
#           turned by 180 degrees shows each of its pixels once.
# Seen:     with setImageSmoothing(false) everything is one pixel off: the first column is missing, the last is
#           there twice. (180 degrees: rows too; 90 degrees: one column is cut off.) With smoothing on all is right.
#           So a mirrored self-view or a rotated phone video drawn "pixel exact" loses its edge.
# Output:   mirrored, smoothing on : 4 3 2 1
#           mirrored, smoothing off: 4 4 3 2
#           negative width, smoothing off: 4 4 3 2
# Exit:     0 as described, 1 it changed, 2 the pinned versions cannot be had.
set -u
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
jar() { mvn -B -ntp -q dependency:copy -Dartifact="$1" -DoutputDirectory="$dir" >"$dir/log" 2>&1 || {
    echo "not available: $1"; exit 2; }; }
jar org.openjfx:javafx-base:21.0.12:jar:linux
jar org.openjfx:javafx-graphics:21.0.12:jar:linux
jar org.testfx:openjfx-monocle:17.0.10

cat >"$dir/Mirrored.java" <<'JAVA'
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.SnapshotParameters;
import javafx.scene.canvas.*;
import javafx.scene.image.*;
public class Mirrored {
    public static void main(String[] args) {
        Platform.startup(() -> {
            String on = draw("mirrored, smoothing on ", true, true);
            String off = draw("mirrored, smoothing off", false, true);
            String width = draw("negative width, smoothing off", false, false);
            System.exit(on.equals(" 4 3 2 1") && off.equals(" 4 4 3 2") && width.equals(off) ? 0 : 1);
        });
    }

    /** The four columns, coloured 1 to 4, as they are seen from left to right. */
    static String draw(String what, boolean smoothing, boolean transform) {
        WritableImage image = new WritableImage(4, 2);
        for (int i = 0; i < 8; i++) image.getPixelWriter().setArgb(i % 4, i / 4, 0xff000001 + i % 4);
        Canvas canvas = new Canvas(4, 2);
        GraphicsContext context = canvas.getGraphicsContext2D();
        context.setImageSmoothing(smoothing);
        if (transform) {
            context.translate(4, 0);
            context.scale(-1, 1);
            context.drawImage(image, 0, 0);
        } else {
            context.drawImage(image, 4, 0, -4, 2);
        }
        SnapshotParameters area = new SnapshotParameters();
        area.setViewport(new Rectangle2D(0, 0, 4, 2));
        PixelReader seen = canvas.snapshot(area, new WritableImage(4, 2)).getPixelReader();
        StringBuilder columns = new StringBuilder();
        for (int x = 0; x < 4; x++) columns.append(' ').append(seen.getArgb(x, 0) & 0xff);
        System.out.println(what + ":" + columns);
        return columns.toString();
    }
}
JAVA
path="$dir/javafx-base-21.0.12-linux.jar:$dir/javafx-graphics-21.0.12-linux.jar:$dir/openjfx-monocle-17.0.10.jar:$dir"
javac -cp "$path" -d "$dir" "$dir/Mirrored.java" || exit 2
timeout 120 java -cp "$path" -Dglass.platform=Monocle -Dmonocle.platform=Headless -Dprism.order=sw Mirrored 2>"$dir/log" || exit 1

#!/usr/bin/env bash
# JavaFX's software pipeline shows the second column of an enlarged picture outside the first.
#
# Versions: JavaFX 21.0.12 (base, graphics; Linux), Monocle 17.0.10, -Dprism.order=sw, JDK 17 or later.
#           JavaFX 26.0.2 with -Dglass.platform=Headless on JDK 25 does the same.
# Guess:    a smooth enlargement starts with the first pixel and goes over into the second one: a row of one
#           black and 15 white pixels, drawn 8 times as large, rises from 0 to 255.
# Seen:     the outer half of the first pixel is drawn in a mix that grows towards the SECOND pixel's value, then
#           the row jumps back to the first: the fraction of a position below 0 is taken without its sign.
#           Rows do the same at the upper edge; the right and lower edges are right. A one-pixel border or a
#           timing bar at the left or top edge of a video frame cannot be read in an enlarged view, and a
#           comparison of screenshots with a graphics card fails there.
# Output:   left edge, 8 times: 8f af cf ef 10 30 50 70 8f af cf ef ff ff ff ff
#           right edge is even: true
# Exit:     0 as described, 1 it changed, 2 the pinned versions cannot be had.
set -u
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
jar() { mvn -B -ntp -q dependency:copy -Dartifact="$1" -DoutputDirectory="$dir" >"$dir/log" 2>&1 || {
    echo "not available: $1"; exit 2; }; }
jar org.openjfx:javafx-base:21.0.12:jar:linux
jar org.openjfx:javafx-graphics:21.0.12:jar:linux
jar org.testfx:openjfx-monocle:17.0.10

cat >"$dir/Edge.java" <<'JAVA'
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.SnapshotParameters;
import javafx.scene.canvas.*;
import javafx.scene.image.*;
public class Edge {
    public static void main(String[] args) {
        Platform.startup(() -> {
            WritableImage image = new WritableImage(16, 1);
            for (int x = 0; x < 16; x++) image.getPixelWriter().setArgb(x, 0, x == 0 ? 0xff000000 : 0xffffffff);
            Canvas canvas = new Canvas(128, 1);
            canvas.getGraphicsContext2D().drawImage(image, 0, 0, 128, 1);
            SnapshotParameters area = new SnapshotParameters();
            area.setViewport(new Rectangle2D(0, 0, 128, 1));
            PixelReader seen = canvas.snapshot(area, new WritableImage(128, 1)).getPixelReader();
            System.out.print("left edge, 8 times:");
            boolean rises = true, even = true;
            for (int x = 0; x < 128; x++) {
                int now = seen.getArgb(x, 0) & 0xff;
                if (x < 16) System.out.printf(" %02x", now);
                if (x > 0 && now < (seen.getArgb(x - 1, 0) & 0xff)) rises = false;
                if (x >= 16 && now != 255) even = false;
            }
            System.out.println("\nrises from black to white: " + rises + ", right part even: " + even);
            System.exit(!rises && even && (seen.getArgb(0, 0) & 0xff) > 127 ? 0 : 1);
        });
    }
}
JAVA
path="$dir/javafx-base-21.0.12-linux.jar:$dir/javafx-graphics-21.0.12-linux.jar:$dir/openjfx-monocle-17.0.10.jar:$dir"
javac -cp "$path" -d "$dir" "$dir/Edge.java" || exit 2
timeout 120 java -cp "$path" -Dglass.platform=Monocle -Dmonocle.platform=Headless -Dprism.order=sw Edge 2>"$dir/log" || exit 1

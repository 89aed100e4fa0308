#!/usr/bin/env bash
# JavaFX's software pipeline ignores ImageView.setSmooth(false) when it enlarges a picture.
#
# Versions: JavaFX 21.0.12 (base, graphics; Linux), Monocle 17.0.10, -Dprism.order=sw, JDK 17 or later.
#           JavaFX 26.0.2 with -Dglass.platform=Headless on JDK 25 does the same.
# Guess:    setSmooth(false) gives nearest-neighbour enlargement (blocks), as it does on a graphics card
#           and as Canvas does with setImageSmoothing(false).
# Seen:     ImageView gives the same interpolated pixels for smooth true and false;
#           only the Canvas, with smoothing off, draws blocks. A pixel inspector or a zoomed preview
#           must draw through a Canvas (or enlarge the picture itself) wherever there is no GPU.
# Output:   ImageView smooth 9f df 20 60 9f df ff ff | not smooth 9f df 20 60 9f df ff ff | 0 of 8 differ
#           Canvas    smooth 9f df 20 60 9f df ff ff | not smooth 00 00 00 00 ff ff ff ff | 6 of 8 differ
#           (that the row starts with 9f and df is another surprise: javafx-software-enlarged-edge.sh)
# Exit:     0 as described, 1 it changed, 2 the pinned versions cannot be had.
set -u
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
jar() { mvn -B -ntp -q dependency:copy -Dartifact="$1" -DoutputDirectory="$dir" >"$dir/log" 2>&1 || {
    echo "not available: $1"; exit 2; }; }
jar org.openjfx:javafx-base:21.0.12:jar:linux
jar org.openjfx:javafx-graphics:21.0.12:jar:linux
jar org.testfx:openjfx-monocle:17.0.10

cat >"$dir/Enlarge.java" <<'JAVA'
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.*;
import javafx.scene.canvas.Canvas;
import javafx.scene.image.*;

public class Enlarge {
    public static void main(String[] args) {
        Platform.startup(() -> {
            int view = differences("ImageView", view(true), view(false));
            int canvas = differences("Canvas", canvas(true), canvas(false));
            System.exit(view == 0 && canvas > 0 ? 0 : 1);
        });
    }

    static WritableImage blackAndWhite() {
        WritableImage image = new WritableImage(2, 1);
        image.getPixelWriter().setArgb(0, 0, 0xff000000);
        image.getPixelWriter().setArgb(1, 0, 0xffffffff);
        return image;
    }

    static String view(boolean smooth) {
        ImageView view = new ImageView(blackAndWhite());
        view.setSmooth(smooth);
        view.setFitWidth(8);
        view.setFitHeight(1);
        return drawn(new Group(view));
    }

    static String canvas(boolean smooth) {
        Canvas canvas = new Canvas(8, 1);
        canvas.getGraphicsContext2D().setImageSmoothing(smooth);
        canvas.getGraphicsContext2D().drawImage(blackAndWhite(), 0, 0, 8, 1);
        return drawn(canvas);
    }

    static String drawn(Node node) {
        SnapshotParameters area = new SnapshotParameters();
        area.setViewport(new Rectangle2D(0, 0, 8, 1));
        PixelReader pixels = node.snapshot(area, new WritableImage(8, 1)).getPixelReader();
        StringBuilder row = new StringBuilder();
        for (int x = 0; x < 8; x++) row.append(String.format("%02x ", pixels.getArgb(x, 0) & 0xff));
        return row.toString();
    }

    static int differences(String what, String smooth, String rough) {
        String[] a = smooth.split(" "), b = rough.split(" ");
        int count = 0;
        for (int x = 0; x < a.length; x++) if (!a[x].equals(b[x])) count++;
        System.out.printf("%-9s smooth %s| not smooth %s| %d of 8 differ%n", what, smooth, rough, count);
        return count;
    }
}
JAVA
path="$dir/javafx-base-21.0.12-linux.jar:$dir/javafx-graphics-21.0.12-linux.jar:$dir/openjfx-monocle-17.0.10.jar:$dir"
javac -cp "$path" -d "$dir" "$dir/Enlarge.java" || exit 2
timeout 120 java -cp "$path" -Dglass.platform=Monocle -Dmonocle.platform=Headless -Dprism.order=sw Enlarge 2>"$dir/log" || exit 1

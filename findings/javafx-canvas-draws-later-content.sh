#!/usr/bin/env bash
# JavaFX's Canvas.drawImage does not copy: frames drawn side by side all show the last one.
#
# Versions: JavaFX 21.0.12 (base, graphics; Linux), Monocle 17.0.10, -Dprism.order=sw, JDK 17 or later.
#           JavaFX 26.0.2 with -Dglass.platform=Headless on JDK 25 does the same.
# Guess:    drawImage paints the picture as it is at the call (as Java2D and HTML's canvas do), so one reused image
#           can draw a strip of video frames: fill, drawImage at x = 0, fill, drawImage at x = 1.
# Seen:     the Canvas keeps a reference until the next pulse or snapshot. A PixelBuffer image and a WritableImage
#           alike appear everywhere with the content of that later moment, changes after the last drawImage
#           included. Contact sheets and filmstrips need one image a frame, or a pulse between the frames.
# Output:   PixelBuffer   drawn as 1, 2, then changed to 3: seen 3 3
#           WritableImage drawn as 1, 2, then changed to 3: seen 3 3
# Exit:     0 as described, 1 it changed, 2 the pinned versions cannot be had.
set -u
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
jar() { mvn -B -ntp -q dependency:copy -Dartifact="$1" -DoutputDirectory="$dir" >"$dir/log" 2>&1 || {
    echo "not available: $1"; exit 2; }; }
jar org.openjfx:javafx-base:21.0.12:jar:linux
jar org.openjfx:javafx-graphics:21.0.12:jar:linux
jar org.testfx:openjfx-monocle:17.0.10

cat >"$dir/Later.java" <<'JAVA'
import javafx.application.Platform;
import javafx.geometry.Rectangle2D;
import javafx.scene.SnapshotParameters;
import javafx.scene.canvas.*;
import javafx.scene.image.*;
import java.nio.IntBuffer;
import java.util.function.IntConsumer;

public class Later {
    public static void main(String[] args) {
        Platform.startup(() -> {
            IntBuffer memory = IntBuffer.allocate(1);
            PixelBuffer<IntBuffer> pixels = new PixelBuffer<>(1, 1, memory, PixelFormat.getIntArgbPreInstance());
            boolean shared = draw("PixelBuffer  ", new WritableImage(pixels), value -> {
                memory.put(0, 0xff000000 + value);
                pixels.updateBuffer(buffer -> null);
            });
            WritableImage plain = new WritableImage(1, 1);
            boolean own = draw("WritableImage", plain, value -> plain.getPixelWriter().setArgb(0, 0, 0xff000000 + value));
            System.exit(shared && own ? 0 : 1);
        });
    }

    static boolean draw(String what, Image image, IntConsumer fill) {
        Canvas canvas = new Canvas(2, 1);
        GraphicsContext context = canvas.getGraphicsContext2D();
        for (int x = 0; x < 2; x++) {
            fill.accept(x + 1);
            context.drawImage(image, x, 0);
        }
        fill.accept(3);
        SnapshotParameters area = new SnapshotParameters();
        area.setViewport(new Rectangle2D(0, 0, 2, 1));
        PixelReader seen = canvas.snapshot(area, new WritableImage(2, 1)).getPixelReader();
        int left = seen.getArgb(0, 0) & 0xff, right = seen.getArgb(1, 0) & 0xff;
        System.out.printf("%s drawn as 1, 2, then changed to 3: seen %d %d%n", what, left, right);
        return left == 3 && right == 3;
    }
}
JAVA
path="$dir/javafx-base-21.0.12-linux.jar:$dir/javafx-graphics-21.0.12-linux.jar:$dir/openjfx-monocle-17.0.10.jar:$dir"
javac -cp "$path" -d "$dir" "$dir/Later.java" || exit 2
timeout 120 java -cp "$path" -Dglass.platform=Monocle -Dmonocle.platform=Headless -Dprism.order=sw Later 2>"$dir/log" || exit 1

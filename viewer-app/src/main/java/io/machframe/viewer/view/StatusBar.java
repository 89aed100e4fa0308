/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.javafx.StreamStatistics;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.Pane;

/** The statistics of the stream that is shown, in one line. Where there is no space for all, the last ones are left out. */
final class StatusBar extends Pane {
    private static final double GAP = 26;

    private final Label picture = figure("picture");
    private final Label rate = figure("rate");
    private final Label latency = figure("latency");
    private final Label received = figure("received");
    private final Label skipped = figure("skipped");
    private boolean any;

    StatusBar() {
        getStyleClass().add("status-bar");
        getChildren().setAll(picture, rate, latency, received, skipped);
        setMinWidth(0);
        show(StreamStatistics.NONE);
    }

    void show(StreamStatistics statistics) {
        any = statistics.received() > 0;
        picture.setText(statistics.format());
        rate.setText(String.format(Locale.ROOT, "%.1f fps", statistics.framesPerSecond()));
        latency.setText("latency " + duration(statistics.latencyNanos()));
        received.setText(String.format(Locale.ROOT, "%,d received", statistics.received()));
        skipped.setText(String.format(Locale.ROOT, "%,d skipped", statistics.skipped()));
        requestLayout();
    }

    @Override
    protected void layoutChildren() {
        double x = snappedLeftInset();
        double end = getWidth() - snappedRightInset();
        boolean fits = any;
        for (Node figure : getChildren()) {
            double width = figure.prefWidth(-1);
            fits = fits && x + width <= end;
            figure.setVisible(fits);
            double height = figure.prefHeight(-1);
            figure.resizeRelocate(x, snapPositionY((getHeight() - height) / 2), width, height);
            x += width + GAP;
        }
    }

    static String duration(long nanos) {
        if (nanos <= 0) {
            return "–";
        }
        long micros = TimeUnit.NANOSECONDS.toMicros(nanos);
        return micros < 1000 ? micros + " µs" : String.format(Locale.ROOT, "%.1f ms", micros / 1000.0);
    }

    private static Label figure(String id) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add("figure");
        return label;
    }
}

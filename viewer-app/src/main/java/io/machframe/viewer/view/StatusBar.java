/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.javafx.StreamStatistics;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;

/** The statistics of the stream that is shown, in one line. */
final class StatusBar extends HBox {
    private final Label picture = figure("picture");
    private final Label rate = figure("rate");
    private final Label latency = figure("latency");
    private final Label received = figure("received");
    private final Label skipped = figure("skipped");

    StatusBar() {
        getStyleClass().add("status-bar");
        getChildren().setAll(picture, rate, latency, received, skipped);
        show(StreamStatistics.NONE);
    }

    void show(StreamStatistics status) {
        boolean any = status.received() > 0;
        getChildren().forEach(label -> label.setVisible(any));
        picture.setText(status.format());
        rate.setText(String.format(Locale.ROOT, "%.1f fps", status.framesPerSecond()));
        latency.setText("latency " + duration(status.latencyNanos()));
        received.setText(String.format(Locale.ROOT, "%,d received", status.received()));
        skipped.setText(String.format(Locale.ROOT, "%,d skipped", status.skipped()));
    }

    private static String duration(long nanos) {
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

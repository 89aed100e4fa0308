/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.javafx.FrameView;
import io.machframe.javafx.StreamStatistics;
import java.util.Locale;
import javafx.scene.control.Label;

/** The statistics of the stream and of how it is shown, over the picture. */
final class StatisticsPane extends Label {
    private final FrameView view;

    StatisticsPane(FrameView view) {
        this.view = view;
        setId("statistics");
        getStyleClass().addAll("overlay", "statistics-pane");
        view.statisticsProperty().addListener(change -> update());
        view.pictureBoundsProperty().addListener(change -> update());
        update();
    }

    private void update() {
        StreamStatistics now = view.statisticsProperty().get();
        setText(String.format(
                Locale.ROOT,
                "%s%n%.2f frames a second%nlatency %s%n%,d received, %,d skipped%nshown as %.0fx%.0f",
                now.format().isEmpty() ? "no stream" : now.format(),
                now.framesPerSecond(),
                StatusBar.duration(now.latencyNanos()),
                now.received(),
                now.skipped(),
                view.pictureBoundsProperty().get().getWidth(),
                view.pictureBoundsProperty().get().getHeight()));
    }
}

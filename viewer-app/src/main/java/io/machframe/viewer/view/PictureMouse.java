/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.view;

import io.machframe.javafx.FrameView;
import javafx.geometry.Point2D;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;

/** What the mouse does to a picture: the wheel zooms where the pointer is, dragging moves it, a double click is given on. */
final class PictureMouse {
    private static final double FACTOR_PER_UNIT = 1.005;

    private final FrameView view;
    private Point2D last = Point2D.ZERO;

    PictureMouse(FrameView view, Runnable doubleClick) {
        this.view = view;
        view.addEventHandler(ScrollEvent.SCROLL, event -> {
            view.zoomAt(new Point2D(event.getX(), event.getY()), Math.pow(FACTOR_PER_UNIT, event.getDeltaY()));
            event.consume();
        });
        view.addEventHandler(MouseEvent.MOUSE_PRESSED, this::press);
        view.addEventHandler(MouseEvent.MOUSE_DRAGGED, this::drag);
        view.addEventHandler(MouseEvent.MOUSE_CLICKED, event -> {
            if (event.getButton() == MouseButton.PRIMARY && event.getClickCount() == 2) {
                doubleClick.run();
            }
        });
    }

    private void press(MouseEvent event) {
        last = new Point2D(event.getX(), event.getY());
    }

    private void drag(MouseEvent event) {
        if (event.isPrimaryButtonDown()) {
            view.pan(event.getX() - last.getX(), event.getY() - last.getY());
            press(event);
        }
    }
}

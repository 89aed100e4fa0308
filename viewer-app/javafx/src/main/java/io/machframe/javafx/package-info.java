/* SPDX-License-Identifier: Apache-2.0 */

/**
 * {@link io.machframe.javafx.FrameView}: a JavaFX node that shows a stream of frames.
 *
 * {@snippet :
 * FrameView view = new FrameView();
 * view.setStreamName("camera"); // joined whenever it is published
 * view.setScaleMode(ScaleMode.FILL);
 * Label state = new Label();
 * state.textProperty().bind(view.connectionProperty().map(Connection::message));
 * stage.setScene(new Scene(new BorderPane(view, null, null, state, null)));
 * stage.setOnHidden(event -> view.close());
 * stage.show();
 * }
 */
@org.jspecify.annotations.NullMarked
package io.machframe.javafx;

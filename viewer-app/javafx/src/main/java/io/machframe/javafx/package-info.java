/* SPDX-License-Identifier: Apache-2.0 */

/**
 * {@link io.machframe.javafx.FrameView}: a JavaFX node that shows a stream of frames.
 *
 * {@snippet class="io.machframe.javafx.examples.FrameViewExampleTest" region="show"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.javafx;

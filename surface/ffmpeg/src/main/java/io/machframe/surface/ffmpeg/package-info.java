/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Video and picture files decoded into surfaces by FFmpeg, and test clips made by it.
 *
 * {@snippet class="io.machframe.surface.ffmpeg.examples.FilmExampleTest" region="publish"}
 *
 * <p>{@code surface/docs/films.md} says what is done with each property of a file: colours, orientation, alpha, times.
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.ffmpeg;

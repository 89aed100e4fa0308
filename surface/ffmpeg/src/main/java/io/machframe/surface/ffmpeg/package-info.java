/* SPDX-License-Identifier: Apache-2.0 */

/** Video files decoded into surfaces by FFmpeg, and test clips made by it. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.ffmpeg;

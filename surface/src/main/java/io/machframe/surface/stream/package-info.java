/* SPDX-License-Identifier: Apache-2.0 */

/** Streams of frames: named servers, their clients, pools and delivery. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.stream;

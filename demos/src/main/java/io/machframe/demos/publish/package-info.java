/* SPDX-License-Identifier: Apache-2.0 */

/** Decodes a video file into surfaces and publishes them. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos.publish;

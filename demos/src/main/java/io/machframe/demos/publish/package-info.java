/* SPDX-License-Identifier: Apache-2.0 */

/** Decodes a video file into surfaces and publishes them. */
package io.machframe.demos.publish;

/* SPDX-License-Identifier: Apache-2.0 */

/** Video files in and out of plain memory, by FFmpeg: reading, converting, hashing, test clips. */
package io.machframe.demos.video;

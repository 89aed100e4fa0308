/* SPDX-License-Identifier: Apache-2.0 */

/** The main job: a publisher, a watcher and a viewer as processes of their own. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos.play;

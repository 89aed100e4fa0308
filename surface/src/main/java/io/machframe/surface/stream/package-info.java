/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Frames published under a name, for any number of clients in any process of the user, without copying them.
 *
 * <p>The publisher:
 *
 * {@snippet class="io.machframe.surface.examples.StreamExampleTest" region="publish"}
 *
 * <p>A client:
 *
 * {@snippet class="io.machframe.surface.examples.StreamExampleTest" region="receive"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.stream;

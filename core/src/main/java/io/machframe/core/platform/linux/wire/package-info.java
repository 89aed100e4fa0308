/* SPDX-License-Identifier: Apache-2.0 */

/** What one packet between two processes is: its layout, its descriptors, how it is sent and received. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.platform.linux.wire;

/* SPDX-License-Identifier: Apache-2.0 */

/** The endpoints of the Java kernel made of sockets, pipes and memfds. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.platform.linux;

/* SPDX-License-Identifier: Apache-2.0 */

/** Ports made of sockets, pipes and memory files: the transport that the kernel in Java works on. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.platform.linux.port;

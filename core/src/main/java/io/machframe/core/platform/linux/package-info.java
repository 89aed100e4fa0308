/* SPDX-License-Identifier: Apache-2.0 */

/** The endpoints of the Java kernel made of sockets, pipes and memfds. */
package io.machframe.core.platform.linux;

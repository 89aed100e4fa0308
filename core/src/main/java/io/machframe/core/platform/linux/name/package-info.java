/* SPDX-License-Identifier: Apache-2.0 */

/** Names of ports: listening sockets in the runtime directory. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.platform.linux.name;

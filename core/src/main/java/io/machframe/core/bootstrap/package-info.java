/* SPDX-License-Identifier: Apache-2.0 */

/** Names to ports: checking in, looking up, and handing a right to a child process. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.bootstrap;

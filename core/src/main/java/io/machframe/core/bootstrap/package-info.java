/* SPDX-License-Identifier: Apache-2.0 */

/**
 * How processes find each other: a server takes a name, a client looks it up and gets a right to send to the server. A
 * parent can also give a child process a right without any name.
 *
 * <p>A server:
 *
 * {@snippet class="io.machframe.core.examples.BootstrapExampleTest" region="serve"}
 *
 * <p>A client, in any process of the same user:
 *
 * {@snippet class="io.machframe.core.examples.BootstrapExampleTest" region="ask"}
 *
 * <p>Names live as long as the process that holds them: {@code bootstrap_check_in} and {@code bootstrap_look_up} on
 * macOS, listening sockets in the runtime directory on Linux ({@code MACHFRAME_RUNTIME_DIR}).
 */
@org.jspecify.annotations.NullMarked
package io.machframe.core.bootstrap;

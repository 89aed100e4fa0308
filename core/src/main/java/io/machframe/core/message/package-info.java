/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Mach messages: bytes, rights to ports and memory, sent to a port. An {@link
 * io.machframe.core.message.OutgoingMessage} is built and sent once; a {@link
 * io.machframe.core.message.ReceivedMessage} is taken apart, and what was not taken is released when it is closed.
 *
 * <p>A server that answers:
 *
 * {@snippet class="io.machframe.core.examples.MessageExampleTest" region="serve"}
 *
 * <p>A client that asks:
 *
 * {@snippet class="io.machframe.core.examples.MessageExampleTest" region="ask"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.core.message;

/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Named ports that take data from other processes and answer with data: {@code CFMessagePort}, with its semantics (see
 * {@link io.machframe.core.runloop}), its bytes on the wire, and its result codes in the place of exceptions.
 *
 * <p>A server:
 *
 * {@snippet class="io.machframe.core.examples.MessagePortExampleTest" region="serve"}
 *
 * <p>A client:
 *
 * {@snippet class="io.machframe.core.examples.MessagePortExampleTest" region="ask"}
 */
@org.jspecify.annotations.NullMarked
package io.machframe.core.messageport;

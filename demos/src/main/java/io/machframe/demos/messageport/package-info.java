/* SPDX-License-Identifier: Apache-2.0 */

/** {@code demos/run message-port}: requests, answers and notes between two processes. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos.messageport;

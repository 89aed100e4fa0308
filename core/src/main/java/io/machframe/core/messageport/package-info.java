/* SPDX-License-Identifier: Apache-2.0 */

/** {@code CFMessagePort}: named ports that take data from other processes and answer with data. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.messageport;

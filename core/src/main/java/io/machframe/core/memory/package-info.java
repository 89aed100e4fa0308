/* SPDX-License-Identifier: Apache-2.0 */

/** Memory of this task: allocated, received in messages, shared by rights. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.memory;

/* SPDX-License-Identifier: Apache-2.0 */

/** Tasks and the rights to ports they own. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.port;

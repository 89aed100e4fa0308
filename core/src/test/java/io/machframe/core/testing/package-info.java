/* SPDX-License-Identifier: Apache-2.0 */

/** What tests of all modules share. */
@org.jspecify.annotations.NullMarked
package io.machframe.core.testing;

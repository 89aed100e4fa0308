/* SPDX-License-Identifier: Apache-2.0 */

/** What tests of all modules share. */
package io.machframe.core.testing;

/* SPDX-License-Identifier: Apache-2.0 */

/** What the programs need to work as several processes: children, their reports, clean ends. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos.process;

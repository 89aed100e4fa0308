/* SPDX-License-Identifier: Apache-2.0 */

/** Small programs, one per idea. */
@org.jspecify.annotations.NullMarked
package io.machframe.demos;

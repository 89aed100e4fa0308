/* SPDX-License-Identifier: Apache-2.0 */

/** Binary property lists and keyed archives, as CoreFoundation and Foundation write them. */
@org.jspecify.annotations.NullMarked
package io.machframe.surface.plist;

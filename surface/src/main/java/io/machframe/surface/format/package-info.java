/* SPDX-License-Identifier: Apache-2.0 */

/** What pixel formats are made of. */
package io.machframe.surface.format;

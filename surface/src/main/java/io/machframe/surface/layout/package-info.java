/* SPDX-License-Identifier: Apache-2.0 */

/** Where the planes, rows and pixels of a surface are: what is asked for, the rules, and the answer. */
package io.machframe.surface.layout;

/* SPDX-License-Identifier: Apache-2.0 */

/** A viewer of served frames. */
package io.machframe.viewer;

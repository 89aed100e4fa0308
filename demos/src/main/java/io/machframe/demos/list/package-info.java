/* SPDX-License-Identifier: Apache-2.0 */

/** Lists what is published. */
package io.machframe.demos.list;

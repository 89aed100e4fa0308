/* SPDX-License-Identifier: Apache-2.0 */

/** Small programs, one per idea. */
package io.machframe.demos;

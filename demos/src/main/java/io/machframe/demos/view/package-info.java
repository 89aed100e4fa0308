/* SPDX-License-Identifier: Apache-2.0 */

/** Shows a stream in a window. */
package io.machframe.demos.view;

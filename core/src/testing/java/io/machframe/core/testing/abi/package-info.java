/* SPDX-License-Identifier: Apache-2.0 */

/** The ABI table of macOS and what checks bindings against it, on any system. */
package io.machframe.core.testing.abi;

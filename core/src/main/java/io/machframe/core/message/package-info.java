/* SPDX-License-Identifier: Apache-2.0 */

/** Mach messages: building, sending, receiving and reading them. */
package io.machframe.core.message;

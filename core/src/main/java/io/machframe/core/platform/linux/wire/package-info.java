/* SPDX-License-Identifier: Apache-2.0 */

/** What one packet between two processes is: its layout, its descriptors, how it is sent and received. */
package io.machframe.core.platform.linux.wire;

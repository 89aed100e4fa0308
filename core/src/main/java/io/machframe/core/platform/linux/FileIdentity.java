/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux;

/** What a descriptor refers to, whichever number it has in this process: equal for equal files, {@code statx}. */
public record FileIdentity(int deviceMajor, int deviceMinor, long inode) {}

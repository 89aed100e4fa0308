/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

/**
 * The user and group that a message's sender acted for, {@code security_token_t}; the kernel's own messages have user 0
 * and group 1, {@code KERNEL_SECURITY_TOKEN}.
 *
 * @param uid the effective user, on Linux the real one
 * @param gid the effective group, on Linux the real one
 */
public record SecurityToken(int uid, int gid) {}

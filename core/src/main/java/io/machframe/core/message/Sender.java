/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

/**
 * Who sent a message, as the kernel vouches for it; nothing in the message can forge it. From the audit token of the
 * trailer on macOS, from socket credentials on Linux.
 *
 * @param pid the process; 0 if it is not visible in this process's namespace
 * @param uid its effective user, on Linux the real one
 * @param gid its effective group, on Linux the real one
 */
public record Sender(int pid, int uid, int gid) {}

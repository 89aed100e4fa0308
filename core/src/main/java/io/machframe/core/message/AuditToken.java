/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import io.machframe.core.platform.MessageLayout;
import java.nio.ByteBuffer;

/**
 * The sender of a message, {@code audit_token_t}: written by the kernel behind the message, so nothing in the message can
 * forge it. All zeros: the kernel itself.
 *
 * <p>On Linux it comes from socket credentials: the ids are the real ones of the sending process, also where the
 * effective ones stand, and there is no audit session and no version of the pid: they are 0.
 *
 * @param auditUser the user that logged in
 * @param effectiveUser whose permissions the process had
 * @param effectiveGroup the group to that
 * @param realUser who started the process
 * @param realGroup the group to that
 * @param pid the process; 0 if it is not visible in this process's namespace
 * @param auditSession the login session
 * @param pidVersion tells this process from a later one with the same pid
 */
public record AuditToken(
        int auditUser,
        int effectiveUser,
        int effectiveGroup,
        int realUser,
        int realGroup,
        int pid,
        int auditSession,
        int pidVersion) {

    /** Returns the effective user, on Linux the real one. */
    public int uid() {
        return effectiveUser;
    }

    /** Returns the effective group, on Linux the real one. */
    public int gid() {
        return effectiveGroup;
    }

    static AuditToken read(ByteBuffer bytes, int at) {
        return new AuditToken(
                bytes.getInt(at),
                bytes.getInt(at + MessageLayout.AUDIT_EUID),
                bytes.getInt(at + MessageLayout.AUDIT_EGID),
                bytes.getInt(at + MessageLayout.AUDIT_RUID),
                bytes.getInt(at + MessageLayout.AUDIT_RGID),
                bytes.getInt(at + MessageLayout.AUDIT_PID),
                bytes.getInt(at + MessageLayout.AUDIT_SESSION),
                bytes.getInt(at + MessageLayout.AUDIT_PID_VERSION));
    }
}

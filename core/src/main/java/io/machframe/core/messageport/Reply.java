/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import java.nio.ByteBuffer;

/**
 * What came of a request.
 *
 * @param result whether it was answered, and if not why
 * @param data the answer, in memory of the caller's own; empty if there is none, or the peer's listener gave none
 */
public record Reply(SendResult result, ByteBuffer data) {
    static Reply failed(SendResult result) {
        return new Reply(result, ByteBuffer.allocate(0));
    }

    /** Returns whether the request was answered. */
    public boolean isSuccess() {
        return result == SendResult.SUCCESS;
    }
}

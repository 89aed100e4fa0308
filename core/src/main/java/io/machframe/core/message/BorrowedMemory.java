/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.message;

import java.nio.ByteBuffer;

/** A user's buffer that a message reads when it is sent. */
record BorrowedMemory(ByteBuffer bytes, long address) implements AutoCloseable {
    @Override
    public void close() {}
}

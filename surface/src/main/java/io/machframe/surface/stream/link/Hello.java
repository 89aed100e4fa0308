/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream.link;

import io.machframe.core.error.MachException;
import java.nio.ByteBuffer;

/**
 * What a client says of itself when it subscribes.
 *
 * @param device what it draws with, 0 if it does not say
 * @param needsCpuMemory whether it reads pixels with the processor
 * @param formats the codes of the pixel formats that it takes, none for any
 */
@SuppressWarnings("ArrayRecordComponent") // made for one use
public record Hello(long device, boolean needsCpuMemory, int[] formats) {
    /** The most formats of a client. */
    public static final int MAX_FORMATS = 32;

    private static final int HEAD = 16;
    private static final int CPU_MEMORY = 1;

    int size() {
        return HEAD + Integer.BYTES * formats.length;
    }

    void write(ByteBuffer body) {
        body.putLong(device).putInt(needsCpuMemory ? CPU_MEMORY : 0).putInt(formats.length);
        for (int format : formats) {
            body.putInt(format);
        }
    }

    /** Reads what any process may have written. */
    static Hello read(ByteBuffer body, int at) throws MachException {
        int count = body.limit() - at < HEAD ? -1 : body.getInt(at + 12);
        if (count < 0 || count > MAX_FORMATS || body.limit() - at < HEAD + Integer.BYTES * count) {
            throw Protocol.violation("it names " + count + " formats in " + body.limit() + " bytes");
        }
        int[] formats = new int[count];
        for (int i = 0; i < count; i++) {
            formats[i] = body.getInt(at + HEAD + Integer.BYTES * i);
        }
        return new Hello(body.getLong(at), (body.getInt(at + 8) & CPU_MEMORY) != 0, formats);
    }
}

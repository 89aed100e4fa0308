/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.messageport;

import io.machframe.core.error.MachException;
import io.machframe.core.messageport.LocalMessagePort;
import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.demos.process.Report;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** The process that answers: the run loop of its main thread serves a message port until it is told to stop. */
final class PortServer {
    /** Wants its data back. */
    static final int ECHO = 1;

    /** Wants nothing. */
    static final int NOTE = 2;

    /** Wants to know how many notes came, a long. */
    static final int COUNT = 3;

    /** Wants the server to end. */
    static final int STOP = 4;

    private long notes;

    private PortServer() {}

    public static void main(String[] arguments) throws MachException {
        PortServer server = new PortServer();
        try (LocalMessagePort port = LocalMessagePort.create(arguments[0], server::received)) {
            RunLoop.current().add(port.runLoopSource(0), RunLoopMode.DEFAULT);
            System.out.println(Report.of("serving"));
            RunLoop.current().run();
        }
    }

    private Optional<ByteBuffer> received(LocalMessagePort port, int id, ByteBuffer data) {
        switch (id) {
            case ECHO -> {
                return Optional.of(data);
            }
            case NOTE -> notes++;
            case COUNT -> {
                ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                return Optional.of(count.putLong(0, notes));
            }
            case STOP -> RunLoop.current().stop();
            default -> throw new IllegalArgumentException("nobody sends " + id);
        }
        return Optional.empty();
    }
}

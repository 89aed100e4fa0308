/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import io.machframe.core.error.MachException;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.testing.RightsLedger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A name of the test, its two ends, and a listener that notes what happens to it. */
@Timeout(60)
@ExtendWith(RightsLedger.class)
abstract class MessagePortFixture {
    static final AtomicInteger NAMES = new AtomicInteger();
    static final RunLoopMode MODE = new RunLoopMode("message port test");
    static final Duration LONG = Duration.ofSeconds(50);
    static final Duration SHORT = Duration.ofMillis(30);

    final String name = "message-port-test-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    final List<AutoCloseable> open = new ArrayList<>();
    final Listener listener = new Listener("");

    /** Answers with what it was sent, and notes what happens to it. */
    final class Listener implements MessagePortListener {
        private final String who;

        Listener(String who) {
            this.who = who;
        }

        @Override
        public Optional<ByteBuffer> received(LocalMessagePort port, int id, ByteBuffer data) {
            seen.add(who + "received " + id + " " + text(data));
            return id < 0 ? Optional.empty() : Optional.of(data);
        }

        @Override
        public void retained() {
            seen.add(who + "retained");
        }

        @Override
        public void released() {
            seen.add(who + "released");
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    <T extends AutoCloseable> T closing(T owner) {
        open.add(0, owner);
        return owner;
    }

    LocalMessagePort local() throws MachException {
        return closing(LocalMessagePort.create(name, listener));
    }

    RemoteMessagePort remote() throws MachException {
        return closing(RemoteMessagePort.connect(name));
    }

    /** A local port that answers from another thread than this. */
    LocalMessagePort served() throws MachException {
        LocalMessagePort port = local();
        port.setExecutor(Runnable::run);
        return port;
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(ByteBuffer data) {
        byte[] text = new byte[data.remaining()];
        data.get(data.position(), text);
        return new String(text, StandardCharsets.UTF_8);
    }
}

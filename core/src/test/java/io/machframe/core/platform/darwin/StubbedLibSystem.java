/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.testing.abi.StubCall;
import io.machframe.core.testing.abi.StubLibrary;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/**
 * A test of a platform whose libSystem is a stub. All such tests of a JVM share one; when a test begins it answers 0 to
 * everything. They are for systems where no test needs the real one.
 */
abstract class StubbedLibSystem {
    static final int TASK = 0x203;
    static final int BOOTSTRAP = 0x707;
    static final long PAGE_SIZE = 0x4000;

    /** What out parameters hold before a call, to see whether it writes them. */
    static final int UNTOUCHED = 0x55555555;

    private static @Nullable DarwinPlatform bound;

    final StubLibrary stub = StubLibrary.shared(
            List.of(LibSystem.class), List.of(LibSystem.TASK_SELF, LibSystem.BOOTSTRAP_PORT, LibSystem.PAGE_SIZE));
    final DarwinPlatform platform = bind(stub);

    private static synchronized DarwinPlatform bind(StubLibrary stub) {
        if (bound == null) {
            stub.setInt(LibSystem.TASK_SELF, TASK);
            stub.setLong(LibSystem.PAGE_SIZE, PAGE_SIZE);
            bound = new DarwinPlatform(stub.path().toString());
        }
        return bound;
    }

    final MachCalls mach() {
        return platform.mach();
    }

    final BootstrapCalls bootstrap() {
        return platform.bootstrap();
    }

    @BeforeEach
    void reset() {
        stub.reset();
        stub.setInt(LibSystem.BOOTSTRAP_PORT, BOOTSTRAP);
    }

    static int[] untouched(int count) {
        return IntStream.generate(() -> UNTOUCHED).limit(count).toArray();
    }

    /** The arguments of a call as the numbers that arrived. */
    static List<Long> bits(StubCall call) {
        return call.arguments().stream().map(StubCall.Value::bits).toList();
    }
}

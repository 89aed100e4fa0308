/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.MachCalls;
import io.machframe.core.testing.abi.StubLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A platform whose libSystem is a stub. It is bound in this JVM, so it is for systems where no test needs the real one. */
record LibSystemStub(StubLibrary library, DarwinPlatform platform) {
    static final int TASK = 0x203;
    static final int BOOTSTRAP = 0x707;
    static final long PAGE_SIZE = 0x4000;

    static LibSystemStub bind(Path folder) throws IOException, InterruptedException {
        StubLibrary library = StubLibrary.compile(
                folder,
                List.of(LibSystem.class),
                List.of(LibSystem.TASK_SELF, LibSystem.BOOTSTRAP_PORT, LibSystem.PAGE_SIZE));
        library.setInt(LibSystem.TASK_SELF, TASK);
        library.setInt(LibSystem.BOOTSTRAP_PORT, BOOTSTRAP);
        library.setLong(LibSystem.PAGE_SIZE, PAGE_SIZE);
        return new LibSystemStub(library, new DarwinPlatform(library.path().toString()));
    }

    MachCalls mach() {
        return platform.mach();
    }

    BootstrapCalls bootstrap() {
        return platform.bootstrap();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.lifetime.LeakDetector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that ends with more than it began: rights, messages and surfaces that are open, or, on Linux, descriptors
 * of sockets, pipes and memory files, or mappings of memory. What is open needs {@code -Dmachframe.leaks=trace}, as the build sets it.
 *
 * <p>What other threads and processes are about to give back may take its time; nothing is collected meanwhile, so what
 * was forgotten stays in sight.
 */
public final class RightsLedger implements BeforeEachCallback, AfterEachCallback {
    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(RightsLedger.class);
    private static final List<String> KINDS = List.of("socket:", "pipe:", "memfd:");
    private static final String MAPPINGS = "memfd:machframe-memory";
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final long PAUSE_MILLIS = 5;

    static {
        balance(); // from the first file that it reads on, the JDK keeps a pair of sockets
    }

    private record Balance(List<String> open, Map<String, Long> descriptors) {}

    @Override
    public void beforeEach(ExtensionContext test) {
        test.getStore(STORE).put(Balance.class, balance());
    }

    @Override
    public void afterEach(ExtensionContext test) throws InterruptedException {
        Balance before = test.getStore(STORE).get(Balance.class, Balance.class);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        String left = left(before, balance());
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(PAUSE_MILLIS);
            left = left(before, balance());
        }
        if (!left.isEmpty()) {
            throw new AssertionError("the test ended with more than it began: " + left);
        }
    }

    private static Balance balance() {
        Map<String, Long> descriptors = new TreeMap<>();
        if (Files.isDirectory(DESCRIPTORS)) {
            KINDS.forEach(kind -> descriptors.put(kind, ProcessResources.descriptors(kind)));
            descriptors.put(MAPPINGS, ProcessResources.mappings(MAPPINGS));
        }
        return new Balance(LeakDetector.open(), descriptors);
    }

    private static String left(Balance before, Balance after) {
        List<String> more = new ArrayList<>(after.open());
        before.open().forEach(more::remove);
        for (Map.Entry<String, Long> kind : after.descriptors().entrySet()) {
            long count = kind.getValue() - before.descriptors().getOrDefault(kind.getKey(), 0L);
            if (count > 0) {
                more.add(count + " descriptors or mappings of " + kind.getKey());
            }
        }
        return String.join(", ", more);
    }
}

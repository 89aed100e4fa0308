/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.contract;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Random sequences of calls, by two tasks over queues in memory and by two over sockets: all answers are the same, up to
 * the names that the kernels choose.
 *
 * <p>{@code -Dmachframe.differential.seed} says which sequence is the first, {@code -Dmachframe.differential.count} how
 * many there are (4 in the build), {@code -Dmachframe.differential.steps} how long each is (2000). One that differs is
 * made as short as it goes and printed.
 */
@RequiresCapability(TestCapability.LINUX)
@Timeout(value = 3600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ExtendWith(RightsLedger.class)
class DifferentialTest {
    private static final long SEED = Long.getLong("machframe.differential.seed", 1);
    private static final int COUNT = Integer.getInteger("machframe.differential.count", 4);
    private static final int STEPS = Integer.getInteger("machframe.differential.steps", 2000);

    @Test
    void theKernelOverSocketsAnswersAsTheOneOverQueuesInMemory() {
        for (long seed = SEED; seed < SEED + COUNT; seed++) {
            List<Long> steps = steps(seed);
            if (new DifferentialRun(false).of(steps) != null) {
                boolean thorough =
                        new DifferentialRun(true).of(steps) != null; // a look at a name can hide the difference
                DifferentialRun shortest = new DifferentialRun(thorough);
                assertNull(shortest.of(shortened(steps, thorough)), "seed " + seed + shortest.calls());
            }
        }
        System.out.println("DifferentialTest: " + COUNT + " sequences of " + STEPS + " calls from seed " + SEED);
    }

    /** Leaves out what can be left out so that the rest still differs. */
    private static List<Long> shortened(List<Long> steps, boolean thorough) {
        List<Long> rest = steps;
        for (int chunk = rest.size() / 2; chunk > 0; chunk /= 2) {
            for (int from = Math.max(0, rest.size() - chunk); from >= 0; from -= chunk) {
                List<Long> less = new ArrayList<>(rest.subList(0, from));
                less.addAll(rest.subList(Math.min(from + chunk, rest.size()), rest.size()));
                if (new DifferentialRun(thorough).of(less) != null) {
                    rest = less;
                }
            }
        }
        return rest;
    }

    private static List<Long> steps(long seed) {
        Random random = new Random(seed);
        List<Long> steps = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
            steps.add(random.nextLong());
        }
        return steps;
    }
}

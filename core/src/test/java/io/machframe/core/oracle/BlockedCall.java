/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One call in a thread of its own, which may wait there for long. */
final class BlockedCall {
    private static final int LOOK_MILLIS = 150;
    private static final int PATIENCE_SECONDS = 10;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Map<String, Object> call;
    private volatile @Nullable Integer code;

    BlockedCall(Map<String, Object> call, Supplier<Integer> body) {
        this.call = call;
        Thread thread = new Thread(
                () -> {
                    code = body.get();
                    done.countDown();
                },
                "oracle-blocked-call");
        thread.setDaemon(true);
        thread.start();
    }

    Map<String, Object> call() {
        return call;
    }

    /** Returns whether the call has returned, after a while in which one that does not wait surely has. */
    boolean isDone() throws InterruptedException {
        return done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Waits for the call to return. */
    boolean finishes() throws InterruptedException {
        return done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    int code() {
        Integer answer = code;
        if (answer == null) {
            throw new IllegalStateException("the call has not returned");
        }
        return answer;
    }
}

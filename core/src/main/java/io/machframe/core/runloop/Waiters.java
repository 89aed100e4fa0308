/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import io.machframe.core.error.MachException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Platform threads that wait in the place of virtual ones, one for each loop of a virtual thread that sleeps. */
final class Waiters {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(action -> {
        Thread thread = new Thread(action, "machframe-waiter");
        thread.setDaemon(true);
        return thread;
    });

    private Waiters() {}

    /**
     * Lets another thread make a call that blocks.
     *
     * @param end ends the call; used when this thread is interrupted, which then stays so
     */
    static <T> T call(Callable<T> call, Runnable end) throws MachException {
        Future<T> result = THREADS.submit(call);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return result.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    end.run();
                } catch (ExecutionException e) {
                    throw failure(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static MachException failure(@Nullable Throwable cause) {
        if (cause instanceof MachException failure) {
            return failure;
        }
        throw cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }
}

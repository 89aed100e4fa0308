/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A thread in the place of JavaFX's, which models and players are used on. Like JavaFX it drops what comes after its end. */
public final class UiThread implements Executor {
    private final ExecutorService thread = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new ThreadPoolExecutor.DiscardPolicy());

    @Override
    public void execute(Runnable action) {
        thread.execute(action);
    }

    /** Does something on the thread and returns when it is done. */
    public void run(Runnable action) {
        call(Executors.callable(action));
    }

    /** Asks something on the thread. */
    public <T> T call(Callable<T> question) {
        try {
            return thread.submit(question).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** Does one thing more and ends. */
    public void end(Runnable last) {
        thread.execute(last);
        thread.shutdown();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.runloop.RunLoop;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.runloop.SignalSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Has a run loop call a listener for frames: a signal source that wakes the loops it is in. */
final class FrameSource implements SignalSource.Handler {
    private final List<RunLoop> loops = new CopyOnWriteArrayList<>();
    private final SignalSource source;
    private final FrameCalls calls;

    private FrameSource(FrameClient client, FrameListener listener, long order) {
        this.source = SignalSource.of(order, this);
        this.calls = new FrameCalls(client, listener, run -> signal());
    }

    static SignalSource open(FrameClient client, FrameListener listener, long order) {
        FrameSource made = new FrameSource(client, listener, order);
        made.calls.start();
        return made.source;
    }

    private void signal() {
        source.signal();
        loops.forEach(RunLoop::wakeUp);
    }

    @Override
    public void perform() {
        calls.run();
    }

    @Override
    public void scheduled(RunLoop loop, RunLoopMode mode) {
        loops.add(loop);
        loop.wakeUp(); // it may have been signalled before
    }

    @Override
    public void cancelled(RunLoop loop, RunLoopMode mode) {
        loops.remove(loop);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

/** What gives a run loop work, {@code CFRunLoopSource}. It may be in several loops. */
public abstract sealed class RunLoopSource extends RunLoopItem permits SignalSource, PortSource {
    RunLoopSource(long order) {
        super(order);
    }

    @Override
    final boolean sharesLoops() {
        return true;
    }
}

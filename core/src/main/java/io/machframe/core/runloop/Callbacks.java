/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

import java.lang.System.Logger;

/** Calls what users gave. Their exceptions are logged and end only the call: a loop serves many. */
final class Callbacks {
    private static final Logger LOG = System.getLogger(RunLoop.class.getName());

    private Callbacks() {}

    static void run(Object origin, Runnable callback) {
        try {
            callback.run();
        } catch (RuntimeException e) {
            failed(origin, e);
        }
    }

    static void failed(Object origin, Exception e) {
        LOG.log(Logger.Level.WARNING, "a callback of " + origin + " failed", e);
    }
}

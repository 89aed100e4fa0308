/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

import io.machframe.core.error.MachException;

/** The calls that turn names into ports between processes that share nothing else. {@code servers/bootstrap.h}. */
public interface BootstrapCalls {
    /** The most bytes of UTF-8 in a service name, {@code BOOTSTRAP_MAX_NAME_LEN} without the final 0. */
    int MAX_NAME_BYTES = 127;

    /** {@code bootstrap_check_in}: {@code port[0]} becomes a receive right. */
    int checkIn(String name, int[] port);

    /**
     * {@code bootstrap_look_up}: {@code port[0]} becomes a send right.
     *
     * @param timeoutMillis how long a server that does not answer may take; macOS's own server needs none
     */
    int lookUp(String name, int timeoutMillis, int[] port);

    /**
     * {@code bootstrap_register}: serves a name with copies of a send right until its port dies or this process ends.
     *
     * @param right the name of the send right, which stays the caller's; null gives up a name registered before
     */
    int register(String name, int right);

    /** Says where names live and, if they cannot be used, why: for the message of an error. */
    String location();

    /** Returns the path of a directory of this user's alone, for what belongs to names; it may not exist yet. */
    String directory();

    /**
     * Opens a directory of this user's alone beside the names, making it if need be.
     *
     * @param name of the directory
     * @param suffix how the names of its files end
     * @throws MachException if it belongs to another user, lets others in, is a link, or cannot be made
     */
    LiveFiles openFiles(String name, String suffix) throws MachException;
}

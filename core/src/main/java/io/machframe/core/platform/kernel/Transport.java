/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

import io.machframe.core.platform.MessageBuffer;

/** What the kernel needs from below: ports that carry parcels. Made of sockets on Linux, of queues in tests. */
public interface Transport {
    MessageBuffer newBuffer(int capacity);

    /** Makes a port and returns its receive end. */
    ReceiveEnd createPort(int queueLimit) throws KernelException;

    /** Makes a port set without members. */
    SetEnd createSet() throws KernelException;

    /** Makes a watch over ends of this transport. */
    Watch createWatch(Watch.Listener listener) throws KernelException;

    /** Returns the memory of the task whose ports are made here. */
    TaskMemory memory();
}

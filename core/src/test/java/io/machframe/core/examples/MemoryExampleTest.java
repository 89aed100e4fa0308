/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.MachException;
import io.machframe.core.memory.MemoryAccess;
import io.machframe.core.memory.MemoryEntry;
import io.machframe.core.memory.MemoryRegion;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.RightsLedger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The example of the package page of {@code memory}. */
@ExtendWith(RightsLedger.class)
class MemoryExampleTest {
    // @start region="share"
    /** Gives a peer memory to read; what is written to it later, the peer sees. */
    static MemoryRegion share(SendRight peer) throws MachException, InterruptedException {
        MemoryRegion region = MemoryRegion.allocate(1 << 20);
        try (MemoryEntry entry = MemoryEntry.of(region, MemoryAccess.READ)) {
            OutgoingMessage.builder().copy(entry.right()).build().sendTo(peer);
        }
        return region;
    }
    // @end

    // @start region="map"
    /** Maps the memory that a peer gives. */
    static MemoryRegion map(ReceiveRight port) throws MachException, InterruptedException {
        try (ReceivedMessage message = ReceivedMessage.receiveFrom(port);
                MemoryEntry entry = MemoryEntry.adopt(message.takeSendRight(0))) {
            return entry.map(1 << 20, MemoryAccess.READ);
        }
    }
    // @end

    @Test
    void memoryIsSharedByARightInAMessage() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight peer = port.makeSend();
                MemoryRegion region = share(peer);
                MemoryRegion same = map(port)) {
            region.bytes().putInt(0, 42);
            assertEquals(42, same.bytes().getInt(0));
        }
    }
}

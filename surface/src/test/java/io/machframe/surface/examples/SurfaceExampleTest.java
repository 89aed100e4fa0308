/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.MachException;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import io.machframe.core.testing.RightsLedger;
import io.machframe.surface.IOSurface;
import io.machframe.surface.LockOption;
import io.machframe.surface.PlaneBuffer;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of the package page of {@code surface}. */
@ExtendWith(RightsLedger.class)
class SurfaceExampleTest {
    // @start region="share"
    /** Draws a red picture and gives it to a peer: a right, however large the picture is. */
    static void share(SendRight peer) throws MachException, InterruptedException {
        try (IOSurface surface = IOSurface.create(SurfaceProperties.of(640, 480, PixelFormat.BGRA))) {
            try (SurfaceLock lock = surface.lock()) {
                PlaneBuffer pixels = lock.plane(0);
                for (int y = 0; y < pixels.height(); y++) {
                    for (int x = 0; x < pixels.width(); x++) {
                        pixels.bytes().putInt(y * pixels.bytesPerRow() + 4 * x, 0xffff0000); // AARRGGBB
                    }
                }
            }
            OutgoingMessage.builder()
                    .move(surface.createReadOnlyMachPort())
                    .build()
                    .sendTo(peer);
        }
    }
    // @end

    // @start region="take"
    /** Takes a picture from a peer and returns its first pixel. */
    static int firstPixel(ReceiveRight port) throws MachException, InterruptedException {
        try (ReceivedMessage message = ReceivedMessage.receiveFrom(port);
                SendRight right = message.takeSendRight(0);
                IOSurface surface = IOSurface.fromMachPort(right);
                SurfaceLock lock = surface.lock(LockOption.READ_ONLY)) {
            return lock.plane(0).bytes().getInt(0);
        }
    }
    // @end

    @Test
    void aPictureIsSharedByItsRight() throws Exception {
        try (ReceiveRight port = Task.self().allocatePort();
                SendRight peer = port.makeSend()) {
            share(peer);
            assertEquals(0xffff0000, firstPixel(port));
        }
    }
}

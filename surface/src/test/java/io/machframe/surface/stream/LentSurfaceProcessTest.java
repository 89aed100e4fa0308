/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.IOSurface;
import io.machframe.surface.SurfaceCapability;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.memory.ExportedMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Surfaces of the publisher's own as frames, without a copy. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LentSurfaceProcessTest {
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);
    private static final SurfaceProperties PROPERTIES = SurfaceProperties.of(64, 48, PixelFormat.BGRA);

    private final String name = "test-" + UUID.randomUUID();

    @Test
    void aSurfaceOfOnesOwnIsAFrameAndComesBackWhenTheLastLeaseEnds() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                StreamPeer one = StreamPeer.start();
                StreamPeer two = StreamPeer.start();
                IOSurface first = IOSurface.create(PROPERTIES);
                IOSurface second = IOSurface.create(PROPERTIES)) {
            assertEquals("done", one.ask("connect " + name));
            assertEquals("done", two.ask("connect " + name));
            try (LentSurface a = server.lend(first);
                    LentSurface b = server.lend(second)) {
                assertFalse(a.isInUse());
                FramePattern.draw(first, 0);
                publish(a, 0);
                for (StreamPeer peer : new StreamPeer[] {one, two}) {
                    assertEquals("took 0", peer.ask("take"));
                    assertEquals("good", peer.ask("look"));
                    assertEquals(Integer.toString(first.id()), peer.ask("id")); // that very memory
                }
                FramePattern.draw(second, 1);
                publish(b, 1);
                assertEquals("took 1", two.ask("take"));
                assertEquals("good", two.ask("look"));
                assertTrue(a.isInUse() && b.isInUse());
                assertNull(a.tryAcquire());
                assertEquals("done", one.ask("release"));
                assertTrue(a.isInUse());
                two.kill(); // which held both
                try (FrameDraft draft = a.acquire()) {
                    FramePattern.draw(draft.surface(), 2);
                    draft.publish(2);
                }
                assertEquals("took 2", one.ask("take"));
                assertEquals("good", one.ask("look"));
                try (FrameDraft draft = server.acquire()) { // one of the pool between
                    FramePattern.draw(draft.surface(), 3);
                    draft.publish(3);
                }
                assertEquals("took 3", one.ask("take"));
                assertEquals("good", one.ask("look"));
                assertFalse(b.isInUse());
                assertEquals(1, server.statistics().surfaces());
                first.close(); // the stream has the memory
                assertEquals("done", one.ask("release"));
                assertEquals("done", one.ask("release"));
                publish(a, 4);
            }
            assertEquals("took 4", one.ask("take")); // taken back, and yet to be seen
            assertEquals("done", one.ask("release"));
        }
    }

    private static void publish(LentSurface lent, long timestamp) throws Exception {
        try (FrameDraft draft = Objects.requireNonNull(lent.tryAcquire())) {
            draft.publish(timestamp);
        }
    }

    @Test
    void importedMemoryIsPublishedInPlace() throws Exception {
        Assumptions.assumeTrue(IOSurface.supports(SurfaceCapability.MEMORY_SHARING));
        try (IOSurface origin = IOSurface.create(PROPERTIES);
                ExportedMemory memory = origin.exportMemory();
                IOSurface imported = IOSurface.createInMemory(memory.descriptor(), PROPERTIES);
                FrameServer server = FrameServer.open(name, FORMAT);
                StreamPeer client = StreamPeer.start();
                LentSurface lent = server.lend(imported)) {
            assertEquals("done", client.ask("connect " + name));
            FramePattern.draw(imported, 0);
            publish(lent, 0);
            assertEquals("took 0", client.ask("take"));
            assertEquals("good", client.ask("look"));
        }
    }

    @Test
    void whatCannotBeAFrameIsRefusedByName() throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                IOSurface wide = IOSurface.create(SurfaceProperties.of(65, 48, PixelFormat.BGRA));
                IOSurface good = IOSurface.create(PROPERTIES)) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> server.lend(wide));
            assertTrue(refused.getMessage().contains("65x48"), refused.getMessage());
            LentSurface lent = server.lend(good);
            server.format(FrameFormat.of(32, 32, PixelFormat.BGRA));
            assertThrows(IllegalStateException.class, lent::acquire);
            server.format(FORMAT);
            assertThrows(IllegalStateException.class, lent::tryAcquire); // it is of an earlier generation
            lent.close();
            assertThrows(IllegalStateException.class, lent::tryAcquire);
            try (LentSurface again = server.lend(good);
                    FrameDraft draft = again.tryAcquire()) {
                assertNotNull(draft);
                assertTrue(again.isInUse());
            }
        }
    }

    @Test
    void thePoolHasItsSurfacesBesideThoseThatAreLent() throws Exception {
        try (FrameServer server =
                        FrameServer.builder(name).format(FORMAT).pool(1, 2).open();
                IOSurface own = IOSurface.create(PROPERTIES)) {
            List<LentSurface> lent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                lent.add(server.lend(own));
            }
            try (FrameDraft one = server.tryAcquire();
                    FrameDraft two = server.tryAcquire();
                    FrameDraft three = server.tryAcquire()) {
                assertNotNull(one);
                assertNotNull(two);
                assertNull(three);
            }
            lent.forEach(LentSurface::close);
            lent.clear();
            for (int i = 0; i < 126; i++) {
                lent.add(server.lend(own));
            }
            IllegalStateException full = assertThrows(IllegalStateException.class, () -> server.lend(own));
            assertTrue(full.getMessage().contains("128"), full.getMessage());
            lent.forEach(LentSurface::close);
        }
    }
}

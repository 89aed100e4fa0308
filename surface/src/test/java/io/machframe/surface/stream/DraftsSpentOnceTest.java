/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.Race;
import io.machframe.surface.format.PixelFormat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Issue 15, B8: a draft or a frame that two threads use up at the same moment is used up once. */
@Timeout(120)
class DraftsSpentOnceTest {
    private static final int ROUNDS = 500;
    private static final int SURFACES = 4;
    private static final FrameFormat FORMAT = FrameFormat.of(16, 16, PixelFormat.BGRA);

    private final String name = "spent-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

    private FrameServer open() throws Exception {
        return FrameServer.builder(name).format(FORMAT).pool(1, SURFACES).open();
    }

    @Test
    void aDraftThatIsClosedWhileItIsPublishedIsPublishedOrDropped() throws Exception {
        try (FrameServer server = open()) {
            int published = 0;
            for (int round = 0; round < ROUNDS; round++) {
                FrameDraft draft = server.acquire();
                boolean[] done = Race.of(draft::publish, draft::close);
                assertTrue(done[1]); // closing after publishing is usual
                published += done[0] ? 1 : 0;
                assertEquals(published, server.statistics().published());
                draft.close();
            }
            assertEveryOtherSurfaceIsFree(server, published == 0 ? SURFACES : SURFACES - 1);
        }
    }

    @Test
    void aDraftThatTwoThreadsPublishIsPublishedOnce() throws Exception {
        try (FrameServer server = open()) {
            for (int round = 0; round < ROUNDS; round++) {
                try (FrameDraft draft = server.acquire()) {
                    boolean[] done = Race.of(draft::publish, draft::publish);
                    assertTrue(done[0] ^ done[1]);
                }
                assertEquals(round + 1, server.statistics().published());
            }
            assertEveryOtherSurfaceIsFree(server, SURFACES - 1);
        }
    }

    @Test
    void aFrameThatTwoThreadsCloseIsReleasedOnce() throws Exception {
        try (FrameServer server = open();
                FrameClient client = FrameClient.connect(name)) {
            for (int round = 0; round < ROUNDS; round++) {
                TestFrames.publish(server, round);
                Frame frame = TestFrames.receive(client);
                Race.of(frame::close, frame::close);
                assertEquals(0, client.statistics().held());
            }
        }
    }

    /** Issue 15, B18. */
    @Test
    void ofTwoThreadsThatReceiveOneIsRefusedAndNoFrameIsLost() throws Exception {
        try (FrameServer server = open();
                FrameClient client = FrameClient.connect(name)) {
            int received = 0;
            for (int round = 0; round < ROUNDS; round++) {
                TestFrames.publish(server, round);
                boolean[] done = Race.of(() -> closeNext(client), () -> closeNext(client));
                assertTrue(done[0] || done[1]);
                assertEquals(++received, client.statistics().received());
                assertEquals(0, client.statistics().held());
            }
            assertEveryOtherSurfaceIsFree(server, SURFACES - 1);
        }
    }

    private static void closeNext(FrameClient client) throws Exception {
        Frame frame = client.tryReceive();
        if (frame != null) {
            frame.close();
        }
    }

    private static void assertEveryOtherSurfaceIsFree(FrameServer server, int free) throws Exception {
        List<FrameDraft> drafts = new ArrayList<>();
        for (FrameDraft draft = server.tryAcquire(); draft != null; draft = server.tryAcquire()) {
            drafts.add(draft);
        }
        assertEquals(free, drafts.size());
        drafts.forEach(FrameDraft::close);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.surface.format.PixelFormat;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the tools of the JDK see of a stream. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class StreamManagementTest {
    private static final FrameFormat FORMAT = FrameFormat.of(64, 48, PixelFormat.BGRA);
    private static final Path SETTINGS =
            Path.of(System.getProperty("basedir", "."), "docs", "machframe.jfc").toAbsolutePath();

    private final String name = "test, \"odd\"*?\\ " + UUID.randomUUID();

    private void publishAndReceive(int frames) throws Exception {
        try (FrameServer server = FrameServer.open(name, FORMAT);
                FrameClient client = FrameClient.connect(name)) {
            for (int i = 0; i < frames; i++) {
                TestFrames.publish(server, i);
                assertEquals(i, TestFrames.next(client));
            }
        }
    }

    private List<RecordedEvent> record(Recording recording, Path file) throws Exception {
        try (recording) {
            recording.start();
            publishAndReceive(3);
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("machframe."))
                .toList();
    }

    @Test
    void theFlightRecorderIsToldOfEachFrame(@TempDir Path directory) throws Exception {
        Path settings = Files.exists(SETTINGS) ? SETTINGS : Path.of("surface/docs/machframe.jfc");
        List<RecordedEvent> events = record(new Recording(Configuration.create(settings)), directory.resolve("on.jfr"));
        for (String event : List.of("FrameAcquire", "FramePublish", "FrameReceive", "FrameRelease")) {
            List<RecordedEvent> some = events.stream()
                    .filter(each -> each.getEventType().getName().equals("machframe." + event))
                    .toList();
            assertEquals(3, some.size(), event);
            assertTrue(some.stream().allMatch(each -> each.getString("stream").equals(name)), event);
        }
        List<Long> received = events.stream()
                .filter(each -> each.getEventType().getName().equals("machframe.FrameReceive"))
                .map(each -> each.getLong("sequence"))
                .sorted()
                .toList();
        assertEquals(List.of(0L, 1L, 2L), received);
    }

    @Test
    void aRecordingOfSomethingElseIsToldNothing(@TempDir Path directory) throws Exception {
        Configuration usual = Configuration.getConfiguration("default");
        assertEquals(List.of(), record(new Recording(usual), directory.resolve("off.jfr")));
    }

    @Test
    void aManagedStreamHasItsFiguresInJmx() throws Exception {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName object = new ObjectName("io.machframe:type=Stream,name=" + ObjectName.quote(name));
        try (FrameServer server =
                        FrameServer.builder(name).format(FORMAT).managed().open();
                FrameClient client = FrameClient.connect(name)) {
            TestFrames.publish(server, 0);
            TestFrames.publish(server, 1);
            assertEquals(1, TestFrames.next(client));
            StreamMXBean stream = JMX.newMXBeanProxy(beans, object, StreamMXBean.class);
            assertEquals(name, stream.getName());
            assertEquals("64x48 BGRA", stream.getFormat());
            assertEquals(2, stream.getPublished());
            assertEquals(2, stream.getSurfaces());
            assertTrue(stream.getFramesPerSecond() > 0);
            CompositeData[] clients = (CompositeData[]) beans.getAttribute(object, "Clients");
            assertEquals(1, clients.length);
            assertEquals(1L, clients[0].get("delivered"));
            assertEquals(1L, clients[0].get("replaced"));
            assertEquals((int) ProcessHandle.current().pid(), clients[0].get("pid"));
            server.close();
            assertFalse(beans.isRegistered(object));
        }
    }
}

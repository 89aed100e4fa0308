/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.port.SendRight;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.SurfaceKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "not run on a Mac yet")
@Timeout(60)
final class AttachmentsTest {
    /** Scenario G.2-27, also in {@link AttachmentsProcessTest}. */
    @Test
    void valuesOfEveryTypeComeBack() throws Exception {
        try (IOSurface surface = small();
                IOSurface same = again(surface)) {
            assertEquals(Map.of(), surface.attachments().all());
            surface.attachments().set("text", "Größe");
            surface.attachments().set("number", 7);
            surface.attachments().set("time", Instant.parse("2025-01-01T00:00:00Z"));
            surface.attachments().setAll(Map.of("flag", true, "list", List.of(1, 2.5, "x"), "bytes", new byte[] {5}));
            Map<String, Object> expected = new TreeMap<>(Map.of(
                    "text",
                    "Größe",
                    "number",
                    7L,
                    "time",
                    Instant.parse("2025-01-01T00:00:00Z"),
                    "flag",
                    true,
                    "list",
                    List.of(1L, 2.5, "x"),
                    "bytes",
                    ByteBuffer.wrap(new byte[] {5})));
            assertEquals(expected, same.attachments().all());
            assertEquals(Optional.of(7L), same.attachments().find("number"));
            same.attachments().remove("number");
            assertEquals(Optional.empty(), surface.attachments().find("number"));
            same.attachments().remove("number");
            same.attachments().removeAll();
            assertEquals(Map.of(), surface.attachments().all());
        }
    }

    /** Scenario G.2-27. */
    @Test
    void aLayoutKeyThatIsAttachedChangesNothing() throws Exception {
        try (IOSurface surface = small()) {
            surface.attachments().set(SurfaceKey.WIDTH, 5);
            surface.attachments().set("IOSurfaceBytesPerRow", 5);
            assertEquals(64, surface.width());
            assertEquals(256, surface.plane(0).bytesPerRow());
            try (IOSurface same = again(surface)) {
                assertEquals(64, same.width());
                assertEquals(Optional.of(5L), same.attachments().find(SurfaceKey.WIDTH));
            }
        }
    }

    /** Scenario G.2-27. */
    @Test
    void anotherTypeIsRefusedAndChangesNothing() throws Exception {
        try (IOSurface surface = small()) {
            surface.attachments().set("x", 1);
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> surface.attachments().set("x", Thread.currentThread()));
            assertTrue(e.toString().contains("java.lang.Thread cannot be attached"), e::toString);
            assertEquals(Map.of("x", 1L), surface.attachments().all());
        }
    }

    /** Scenario G.2-28. */
    @Test
    void aNameIsGivenAtCreationAndChangedLater() throws Exception {
        SurfaceProperties properties = SurfaceProperties.unspecified()
                .withWidth(64)
                .withHeight(64)
                .withPixelFormat(PixelFormat.BGRA)
                .withName("camera");
        try (IOSurface surface = IOSurface.create(properties);
                IOSurface same = again(surface);
                IOSurface other = small()) {
            assertEquals(Optional.of("camera"), same.attachments().name());
            same.attachments().rename("screen");
            assertEquals(Optional.of("screen"), surface.attachments().name());
            assertEquals(
                    Map.of("IOSurfaceName", "screen"), surface.attachments().all());
            assertEquals(Optional.empty(), other.attachments().name());
        }
    }

    @Test
    void coloursHaveTheirKeys() throws Exception {
        try (IOSurface surface = small()) {
            surface.attachments().set(SurfaceKey.ICC_PROFILE, new byte[3000]);
            surface.attachments().set(SurfaceKey.CONTENT_HEADROOM, 4.5);
            surface.attachments().set(SurfaceKey.COLOR_SPACE, Map.of("name", "kCGColorSpaceSRGB"));
            assertEquals(3000, surface.attachments().iccProfile().orElseThrow().remaining());
            assertEquals(Optional.of(4.5), surface.attachments().contentHeadroom());
            assertEquals(
                    Optional.of(Map.of("name", "kCGColorSpaceSRGB")),
                    surface.attachments().find("IOSurfaceColorSpace"));
        }
    }

    @Test
    void moreThanThereIsRoomForIsRefusedAndChangesNothing() throws Exception {
        try (IOSurface surface = small()) {
            surface.attachments().set("a", new byte[200_000]);
            MachException e = assertThrows(
                    MachException.class, () -> surface.attachments().set("b", new byte[100_000]));
            assertEquals(KernReturn.KERN_NO_SPACE, e.reason().code());
            assertTrue(e.toString().contains("no space for all values together"), e::toString);
            assertEquals(1, surface.attachments().all().size());
        }
    }

    @Test
    void aClosedSurfaceHasNoValues() throws Exception {
        IOSurface surface = small();
        Attachments attachments = surface.attachments();
        surface.close();
        assertThrows(IllegalStateException.class, attachments::all);
        assertThrows(IllegalStateException.class, () -> attachments.find("x"));
        assertThrows(IllegalStateException.class, () -> attachments.set("x", 1));
        assertThrows(IllegalStateException.class, () -> attachments.remove("x"));
        assertThrows(IllegalStateException.class, attachments::removeAll);
    }

    private static IOSurface small() throws MachException {
        return IOSurface.create(SurfaceProperties.of(64, 64, PixelFormat.BGRA));
    }

    private static IOSurface again(IOSurface surface) throws MachException {
        try (SendRight port = surface.createMachPort()) {
            return IOSurface.fromMachPort(port);
        }
    }
}

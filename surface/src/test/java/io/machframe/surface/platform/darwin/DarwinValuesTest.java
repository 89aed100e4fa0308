/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.machframe.core.error.KernReturn;
import io.machframe.core.testing.abi.StubCall;
import io.machframe.surface.plist.PropertyList;
import io.machframe.surface.property.SurfaceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Values that are attached to a surface: what goes to the frameworks as property lists, and what comes back. */
@DisabledOnOs(value = OS.MAC, disabledReason = "other tests of this JVM need the real frameworks")
final class DarwinValuesTest extends StubbedFrameworks {
    private final List<Memory> described = new ArrayList<>();

    private void letEveryObjectBe(Object value) {
        Memory bytes = new Memory(4096);
        byte[] encoded = PropertyList.encode(value);
        bytes.write(0, encoded, 0, encoded.length);
        described.add(bytes);
        library.answer("CFPropertyListCreateData", 0x4200_0000_0000L, 0x100);
        library.answer("CFDataGetBytePtr", Pointer.nativeValue(bytes));
        library.answer("CFDataGetLength", encoded.length);
    }

    @Test
    void setValuePassesPropertyListsOfKeyAndValue() throws Exception {
        calls.setValue(SURFACE, "key", "value");

        List<StubCall> made = library.calls("CFPropertyListCreateWithData");
        StubCall set = library.calls("IOSurfaceSetValue").get(0);
        assertEquals(SURFACE, set.argument(0));
        assertEquals(made.get(0).result().bits(), set.argument(1));
        assertEquals(made.get(1).result().bits(), set.argument(2));
        assertEquals(
                PropertyList.encode("key").length,
                library.calls("CFDataCreate").get(0).argument(2));
        assertEverythingIsReleased();
    }

    @Test
    void setValuesPassesOnePropertyList() throws Exception {
        calls.setValues(SURFACE, Map.of("key", 1L));

        StubCall set = library.calls("IOSurfaceSetValues").get(0);
        assertEquals(
                library.calls("CFPropertyListCreateWithData").get(0).result().bits(), set.argument(1));
        assertEverythingIsReleased();
    }

    @Test
    void copyValueDescribesWhatItGetsAndReleasesIt() throws Exception {
        library.answer("IOSurfaceCopyValue", 0x5000_0000_0000L);
        letEveryObjectBe(List.of(1L, "x"));

        assertEquals(Optional.of(List.of(1L, "x")), calls.copyValue(SURFACE, "key"));

        StubCall described = library.calls("CFPropertyListCreateData").get(0);
        assertEquals(0x5000_0000_0000L, described.argument(1));
        assertEquals(CoreFoundation.BINARY_FORMAT, described.argument(2));
        assertEverythingIsReleased();
    }

    @Test
    void aValueThatIsNotThereIsNone() throws Exception {
        assertEquals(Optional.empty(), calls.copyValue(SURFACE, "key"));
        assertEquals(Map.of(), calls.copyAllValues(SURFACE));

        assertEverythingIsReleased();
    }

    @Test
    void copyAllValuesGivesAMap() throws Exception {
        library.answer("IOSurfaceCopyAllValues", 0x5000_0000_0000L);
        letEveryObjectBe(Map.of("a", true));

        assertEquals(Map.of("a", true), calls.copyAllValues(SURFACE));

        assertEverythingIsReleased();
    }

    @Test
    void aValueThatNoPropertyListCanHoldIsAFailure() {
        library.answer("IOSurfaceCopyValue", 0x5000_0000_0000L);

        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, code(() -> calls.copyValue(SURFACE, "key")));

        assertEverythingIsReleased();
    }

    @Test
    void valuesAreRemovedByKeyOrAll() throws Exception {
        calls.removeValue(SURFACE, "key");
        assertEverythingIsReleased();
        assertEquals(
                library.calls("CFPropertyListCreateWithData").get(0).result().bits(),
                library.calls("IOSurfaceRemoveValue").get(0).argument(1));
        library.forget();
        calls.removeAllValues(SURFACE);
        assertEquals("IOSurfaceRemoveAllValues", library.onlyCall().function());
    }

    @Test
    void theTextOfAKeyIsAskedOfTheFramework() {
        letEveryObjectBe("SomeText");

        assertEquals("SomeText", calls.text(SurfaceKey.NAME));

        assertEquals(
                SurfaceStub.string(SurfaceKey.NAME),
                library.calls("CFPropertyListCreateData").get(0).argument(1));
        assertEverythingIsReleased();
        assertEquals("IOSurfaceContentHeadroom", calls.text(SurfaceKey.CONTENT_HEADROOM));
    }
}

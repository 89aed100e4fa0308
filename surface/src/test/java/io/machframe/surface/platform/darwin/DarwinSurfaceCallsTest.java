/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.testing.abi.StubCall;
import io.machframe.core.testing.abi.StubLibrary;
import io.machframe.surface.error.SurfaceException;
import io.machframe.surface.format.Component;
import io.machframe.surface.format.ComponentName;
import io.machframe.surface.format.ComponentRange;
import io.machframe.surface.format.ComponentType;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.format.Subsampling;
import io.machframe.surface.layout.Plane;
import io.machframe.surface.layout.SurfaceLayout;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.plist.PropertyList;
import io.machframe.surface.property.CacheMode;
import io.machframe.surface.property.PurgeState;
import io.machframe.surface.property.SurfaceKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each call hands to C and what it makes of the answer, with a stub in the place of the frameworks. */
@DisabledOnOs(value = OS.MAC, disabledReason = "other tests of this JVM need the real frameworks")
final class DarwinSurfaceCallsTest {
    private static final long SURFACE = SurfaceStub.SURFACE;
    private static final Component DEPTH =
            new Component(ComponentName.LUMA, ComponentType.UNSIGNED_INTEGER, ComponentRange.VIDEO, 10, 6);

    private static final SurfaceLayout PICTURE = new SurfaceLayout(
            PixelFormat.BGRA,
            Subsampling.NONE,
            64,
            10,
            false,
            List.of(new Plane(64, 10, 4, 1, 2, 256, 0, 0x1_0000_0001L)),
            List.of(List.of()),
            0x1_0000_0001L);

    private static final SurfaceLayout PLANAR = new SurfaceLayout(
            new PixelFormat(0xf4323076),
            Subsampling.YUV_420,
            1280,
            720,
            true,
            List.of(
                    new Plane(1280, 720, 1, 1, 1, 1280, 64, 921_600, 64, 8),
                    new Plane(640, 360, 2, 3, 1, 1280, 921_664, 460_800, 0, 10)),
            List.of(List.of(), List.of(DEPTH, DEPTH)),
            0x1_0000_0001L);

    private static final SurfaceProperties PLAIN = SurfaceProperties.unspecified();

    private static SurfaceStub stub;

    private final Memory memory = new Memory(4096);
    private final List<Memory> described = new ArrayList<>();
    private final StubLibrary library = stub.library();
    private final SurfaceCalls calls = stub.calls();

    @BeforeAll
    static void bind(@TempDir Path folder) throws Exception {
        stub = SurfaceStub.bind(folder);
    }

    @BeforeEach
    void reset() {
        stub.reset();
    }

    private Map<SurfaceKey, Object> created(SurfaceLayout layout, SurfaceProperties options) throws SurfaceException {
        assertEquals(SURFACE, calls.create(layout, options));
        return stub.dictionary(library.calls("IOSurfaceCreate").get(0).argument(0));
    }

    private static int code(Executable call) {
        return assertThrows(SurfaceException.class, call).reason().code();
    }

    @Test
    void createDescribesASurfaceByNumbersUnderTheFrameworksOwnKeys() throws Exception {
        Map<SurfaceKey, Object> expected = Map.of(
                SurfaceKey.WIDTH, 64L,
                SurfaceKey.HEIGHT, 10L,
                SurfaceKey.PIXEL_FORMAT, 1111970369L,
                SurfaceKey.SUBSAMPLING, 1L,
                SurfaceKey.BYTES_PER_ELEMENT, 4L,
                SurfaceKey.ELEMENT_WIDTH, 1L,
                SurfaceKey.ELEMENT_HEIGHT, 2L,
                SurfaceKey.BYTES_PER_ROW, 256L,
                SurfaceKey.ALLOC_SIZE, 0x1_0000_0001L);
        assertEquals(expected, created(PICTURE, PLAIN));
    }

    @Test
    void memoryWithoutDimensionsIsDescribedByItsSizeAlone() throws Exception {
        SurfaceLayout memory = new SurfaceLayout(
                PixelFormat.NONE,
                Subsampling.UNKNOWN,
                0,
                0,
                false,
                List.of(new Plane(0, 0, 1, 1, 1, 0, 0, 100)),
                List.of(List.of()),
                100);
        assertEquals(Map.of(SurfaceKey.ALLOC_SIZE, 100L), created(memory, PLAIN));
    }

    @Test
    void createDescribesPlanesInTheirOrder() throws Exception {
        Map<SurfaceKey, Object> description = created(PLANAR, PLAIN);
        Map<SurfaceKey, Object> luma = Map.of(
                SurfaceKey.PLANE_WIDTH, 1280L,
                SurfaceKey.PLANE_HEIGHT, 720L,
                SurfaceKey.PLANE_BYTES_PER_ELEMENT, 1L,
                SurfaceKey.PLANE_ELEMENT_WIDTH, 1L,
                SurfaceKey.PLANE_ELEMENT_HEIGHT, 1L,
                SurfaceKey.PLANE_BYTES_PER_ROW, 1280L,
                SurfaceKey.PLANE_OFFSET, 0L,
                SurfaceKey.PLANE_SIZE, 921_664L,
                SurfaceKey.PLANE_BASE, 64L);
        Map<SurfaceKey, Object> chroma = new HashMap<>(Map.of(
                SurfaceKey.PLANE_WIDTH, 640L,
                SurfaceKey.PLANE_HEIGHT, 360L,
                SurfaceKey.PLANE_BYTES_PER_ELEMENT, 2L,
                SurfaceKey.PLANE_BITS_PER_ELEMENT, 10L,
                SurfaceKey.PLANE_ELEMENT_WIDTH, 3L,
                SurfaceKey.PLANE_ELEMENT_HEIGHT, 1L,
                SurfaceKey.PLANE_BYTES_PER_ROW, 1280L,
                SurfaceKey.PLANE_OFFSET, 921_664L,
                SurfaceKey.PLANE_SIZE, 460_800L));
        chroma.put(SurfaceKey.PLANE_COMPONENT_NAMES, List.of(5L, 5L));
        chroma.put(SurfaceKey.PLANE_COMPONENT_TYPES, List.of(1L, 1L));
        chroma.put(SurfaceKey.PLANE_COMPONENT_RANGES, List.of(2L, 2L));
        chroma.put(SurfaceKey.PLANE_COMPONENT_BIT_DEPTHS, List.of(10L, 10L));
        chroma.put(SurfaceKey.PLANE_COMPONENT_BIT_OFFSETS, List.of(6L, 6L));
        assertEquals(List.of(luma, chroma), description.remove(SurfaceKey.PLANE_INFO));
        assertEquals(
                Map.of(
                        SurfaceKey.WIDTH, 1280L,
                        SurfaceKey.HEIGHT, 720L,
                        SurfaceKey.PIXEL_FORMAT, 0xf4323076L,
                        SurfaceKey.SUBSAMPLING, 3L,
                        SurfaceKey.ALLOC_SIZE, 0x1_0000_0001L),
                description);
        assertEverythingIsReleased();
    }

    @Test
    void createMakesNumbersOf64BitsAndCollectionsThatRetain() throws Exception {
        calls.create(PLANAR, PLAIN);

        for (StubCall call : library.calls("CFNumberCreate")) {
            assertEquals(CoreFoundation.NUMBER_SINT64, call.argument(1));
        }
        for (StubCall call : library.calls("CFDictionaryCreateMutable")) {
            assertEquals(library.address(CoreFoundation.KEY_CALLBACKS), call.argument(2));
            assertEquals(library.address(CoreFoundation.VALUE_CALLBACKS), call.argument(3));
        }
        for (StubCall call : library.calls("CFArrayCreateMutable")) {
            assertEquals(library.address(CoreFoundation.ARRAY_CALLBACKS), call.argument(2));
        }
    }

    @Test
    void componentsOfASurfaceThatIsNotPlanarAreItsOwn() throws Exception {
        SurfaceLayout layout = new SurfaceLayout(
                PixelFormat.NONE, Subsampling.UNKNOWN, 64, 10, false, PICTURE.planes(), List.of(List.of(DEPTH)), 2560);
        Map<SurfaceKey, Object> description = created(layout, PLAIN);
        assertEquals(List.of(5L), description.get(SurfaceKey.PLANE_COMPONENT_NAMES));
        assertEquals(List.of(10L), description.get(SurfaceKey.PLANE_COMPONENT_BIT_DEPTHS));
        assertEverythingIsReleased();
    }

    @Test
    @SuppressWarnings("deprecation")
    void createDescribesOptionsByNumbersAndPropertyLists() throws Exception {
        Map<SurfaceKey, Object> description = created(
                PICTURE,
                PLAIN.withPixelSizeCastingAllowed(false)
                        .withGlobal()
                        .withName("name")
                        .withCacheMode(CacheMode.WRITE_COMBINE));

        assertEquals("property list", description.get(SurfaceKey.PIXEL_SIZE_CASTING_ALLOWED));
        assertEquals("property list", description.get(SurfaceKey.IS_GLOBAL));
        assertEquals("property list", description.get(SurfaceKey.NAME));
        assertEquals((long) CacheMode.WRITE_COMBINE.mapNumber(), description.get(SurfaceKey.CACHE_MODE));
        StubCall made = library.calls("CFPropertyListCreateWithData").get(0);
        assertEquals(library.calls("CFDataCreate").get(0).result().bits(), made.argument(1));
        assertEverythingIsReleased();
    }

    private void assertEverythingIsReleased() {
        Map<Long, Integer> references = stub.references();
        assertFalse(references.isEmpty());
        references.forEach((object, count) -> assertEquals(0, count, () -> Long.toHexString(object)));
    }

    @Test
    void createReleasesEachObjectOnceAndNoneBeforeTheSurfaceIsMade() throws Exception {
        calls.create(PLANAR, PLAIN);

        List<String> order = library.calls().stream().map(StubCall::function).toList();
        assertEverythingIsReleased();
        assertTrue(order.indexOf("CFRelease") > order.indexOf("IOSurfaceCreate"));
    }

    @Test
    void createReleasesEachObjectAlsoWhenThereIsNoSurface() {
        library.answer("IOSurfaceCreate", 0);

        assertEquals(KernReturn.KERN_FAILURE, code(() -> calls.create(PLANAR, PLAIN)));

        assertEverythingIsReleased();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CFNumberCreate", "CFArrayCreateMutable"})
    void createGivesUpWholeWhenCoreFoundationHasNoObject(String function) {
        library.answer(function, 0);

        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, code(() -> calls.create(PLANAR, PLAIN)));

        assertEverythingIsReleased();
        assertEquals(List.of(), library.calls("IOSurfaceCreate"));
    }

    @Test
    void createPutsNothingIntoADictionaryThatIsNotThere() {
        library.answer("CFDictionaryCreateMutable", 0);

        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, code(() -> calls.create(PLANAR, PLAIN)));

        assertEquals("CFDictionaryCreateMutable", library.onlyCall().function());
    }

    @Test
    void lookUpPassesThePortAndGivesTheReferenceBack() throws Exception {
        library.answer("IOSurfaceLookupFromMachPort", SURFACE);

        assertEquals(SURFACE, calls.lookupFromMachPort(0xfedcba98));

        assertEquals(0xfedcba98, library.onlyCall().intArgument(0));
    }

    @Test
    void lookUpByIdGivesTheReferenceOrSaysThatThereIsNone() throws Exception {
        assertEquals(0, calls.lookup(7));
        library.reset();
        library.answer("IOSurfaceLookup", SURFACE);

        assertEquals(SURFACE, calls.lookup(0xfedcba98));

        assertEquals(0xfedcba98, library.onlyCall().intArgument(0));
    }

    @Test
    void aPortThatIsNoSurfaceIsRefused() {
        assertEquals(KernReturn.KERN_INVALID_CAPABILITY, code(() -> calls.lookupFromMachPort(0x1507)));
    }

    @Test
    void createMachPortGivesTheRightBack() throws Exception {
        library.answer("IOSurfaceCreateMachPort", 0xfedcba98L);

        assertEquals(0xfedcba98, calls.createMachPort(SURFACE));

        assertEquals(SURFACE, library.onlyCall().argument(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {Mach.MACH_PORT_NULL, Mach.MACH_PORT_DEAD})
    void aPortThatCouldNotBeMadeIsAFailure(int made) {
        library.answer("IOSurfaceCreateMachPort", made);

        assertEquals(KernReturn.KERN_FAILURE, code(() -> calls.createMachPort(SURFACE)));
    }

    @Test
    void releaseReleases() {
        calls.release(SURFACE);

        assertEquals("CFRelease", library.onlyCall().function());
        assertEquals(SURFACE, library.onlyCall().argument(0));
    }

    @Test
    void lockPassesTheOptionsAndGivesTheSeedBack() throws Exception {
        library.writeInts("IOSurfaceLock", 2, 41);

        int options = SurfaceCalls.LOCK_READ_ONLY | SurfaceCalls.LOCK_AVOID_SYNC;
        assertEquals(41, calls.lock(SURFACE, options));

        assertEquals(SURFACE, library.onlyCall().argument(0));
        assertEquals(options, library.onlyCall().intArgument(1));
    }

    @Test
    void unlockPassesTheOptionsAndGivesTheNewSeedBack() throws Exception {
        library.writeInts("IOSurfaceUnlock", 2, 42);

        assertEquals(42, calls.unlock(SURFACE, 0));

        assertEquals(SURFACE, library.onlyCall().argument(0));
        assertEquals(0, library.onlyCall().intArgument(1));
    }

    @Test
    void aFailedLockSaysWhy() {
        library.answer("IOSurfaceLock", KernReturn.IO_RETURN_CANNOT_LOCK);
        library.answer("IOSurfaceUnlock", KernReturn.KERN_FAILURE);

        assertEquals(KernReturn.IO_RETURN_CANNOT_LOCK, code(() -> calls.lock(SURFACE, SurfaceCalls.LOCK_AVOID_SYNC)));
        assertEquals(KernReturn.KERN_FAILURE, code(() -> calls.unlock(SURFACE, 0)));
    }

    @Test
    void useCountsArePassedOn() throws Exception {
        calls.incrementUseCount(SURFACE);
        library.answer("IOSurfaceGetUseCount", 1);
        assertTrue(calls.decrementUseCount(SURFACE));

        assertEquals(
                List.of("IOSurfaceIncrementUseCount", "IOSurfaceGetUseCount", "IOSurfaceDecrementUseCount"),
                library.calls().stream().map(StubCall::function).toList());
    }

    @Test
    void aCountOfNoneIsNotLowered() {
        assertFalse(calls.decrementUseCount(SURFACE));

        assertEquals("IOSurfaceGetUseCount", library.onlyCall().function());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0x80, 0xff})
    void anyBooleanThatIsNotZeroMeansInUse(int answer) {
        assertFalse(calls.isInUse(SURFACE));
        library.answer("IOSurfaceIsInUse", answer);

        assertTrue(calls.isInUse(SURFACE));
    }

    private static Arguments getter(String function, ToLongFunction<SurfaceCalls> getter) {
        return Arguments.of(function, getter);
    }

    static Stream<Arguments> intGetters() {
        return Stream.of(
                getter("IOSurfaceGetID", calls -> calls.id(SURFACE)),
                getter("IOSurfaceGetSeed", calls -> calls.seed(SURFACE)),
                getter("IOSurfaceGetUseCount", calls -> calls.useCount(SURFACE)));
    }

    @ParameterizedTest
    @MethodSource("intGetters")
    void aNumberIsThatOfTheFunctionOfItsName(String function, ToLongFunction<SurfaceCalls> getter) {
        library.answer(function, 0x3432_3076);

        assertEquals(0x3432_3076, getter.applyAsLong(calls));

        assertEquals(SURFACE, library.onlyCall().argument(0));
    }

    @Test
    void theBaseAddressIsThatOfTheFunctionOfItsName() {
        library.answer("IOSurfaceGetBaseAddress", 0x1_2345_6789L);

        assertEquals(0x1_2345_6789L, calls.baseAddress(SURFACE));

        assertEquals(SURFACE, library.onlyCall().argument(0));
    }

    /** Which function answers for which part of the layout of a surface that is not planar; each has a number of its own. */
    @Test
    void theLayoutOfASurfaceThatIsNotPlanarIsAskedOfTheFunctionsOfItsParts() throws Exception {
        library.answer("IOSurfaceGetPixelFormat", PixelFormat.BGRA.code());
        library.answer("IOSurfaceGetSubsampling", 4);
        library.answer("IOSurfaceGetWidth", 101);
        library.answer("IOSurfaceGetHeight", 103);
        library.answer("IOSurfaceGetBytesPerElement", 107);
        library.answer("IOSurfaceGetElementWidth", 109);
        library.answer("IOSurfaceGetElementHeight", 2);
        library.answer("IOSurfaceGetBytesPerRow", 127);
        library.answer("IOSurfaceGetAllocSize", 0x1_2345_6789L);

        assertEquals(
                new SurfaceLayout(
                        PixelFormat.BGRA,
                        Subsampling.YUV_411,
                        101,
                        103,
                        false,
                        List.of(new Plane(101, 103, 107, 109, 2, 127, 0, 127 * 52)),
                        List.of(List.of()),
                        0x1_2345_6789L),
                calls.layout(SURFACE));
        assertOfTheSurface();
    }

    @Test
    void memoryWithoutDimensionsIsOnePlaneOfAllItsBytes() throws Exception {
        library.answer("IOSurfaceGetAllocSize", 100);

        assertEquals(
                List.of(new Plane(0, 0, 1, 1, 1, 0, 0, 100)),
                calls.layout(SURFACE).planes());
    }

    @Test
    void theLayoutOfPlanesIsAskedOfTheFunctionsOfTheirParts() throws Exception {
        library.answer("IOSurfaceGetPlaneCount", 2);
        library.answer("IOSurfaceGetPixelFormat", 0x3432_3076);
        library.answer("IOSurfaceGetWidth", 11);
        library.answer("IOSurfaceGetHeight", 13);
        library.answer("IOSurfaceGetBaseAddress", 0x1_0000_0000L);
        library.answer("IOSurfaceGetBaseAddressOfPlane", 0x1_0000_0040L, 0x1000);
        library.answer("IOSurfaceGetWidthOfPlane", 101, 1);
        library.answer("IOSurfaceGetHeightOfPlane", 103, 1);
        library.answer("IOSurfaceGetBytesPerElementOfPlane", 107, 1);
        library.answer("IOSurfaceGetElementWidthOfPlane", 109, 1);
        library.answer("IOSurfaceGetElementHeightOfPlane", 1, 1);
        library.answer("IOSurfaceGetBytesPerRowOfPlane", 127, 1);
        library.answer("IOSurfaceGetNumberOfComponentsOfPlane", 1, 1);
        library.answer("IOSurfaceGetNameOfComponentOfPlane", 2, 1);
        library.answer("IOSurfaceGetTypeOfComponentOfPlane", 1, 1);
        library.answer("IOSurfaceGetRangeOfComponentOfPlane", 1, 1);
        library.answer("IOSurfaceGetBitDepthOfComponentOfPlane", 8, 1);
        library.answer("IOSurfaceGetBitOffsetOfComponentOfPlane", 16, 1);

        SurfaceLayout layout = calls.layout(SURFACE);

        assertTrue(layout.planar());
        assertEquals(
                List.of(
                        new Plane(101, 103, 107, 109, 1, 127, 0x40, 127 * 103),
                        new Plane(102, 104, 108, 110, 2, 128, 0x1040, 128 * 52)),
                layout.planes());
        assertEquals(List.of(component(2, 1, 1, 8, 16)), layout.components().get(0));
        assertEquals(
                List.of(component(3, 2, 2, 9, 17), component(4, 3, 3, 10, 18)),
                layout.components().get(1));
        assertOfTheSurface();
        for (String ofComponent : List.of("Name", "Type", "Range", "BitDepth", "BitOffset")) {
            List<StubCall> asked = library.calls("IOSurfaceGet" + ofComponent + "OfComponentOfPlane");
            assertEquals(
                    List.of("0 0", "1 0", "1 1"),
                    asked.stream()
                            .map(call -> call.argument(1) + " " + call.argument(2))
                            .toList());
        }
        assertEquals(
                List.of(0L, 1L),
                library.calls("IOSurfaceGetWidthOfPlane").stream()
                        .map(call -> call.argument(1))
                        .toList());
    }

    private static Component component(int name, int type, int range, int bitDepth, int bitOffset) {
        return new Component(
                ComponentName.of(name), ComponentType.of(type), ComponentRange.of(range), bitDepth, bitOffset);
    }

    /** The surface is locked while it is asked: only then has it addresses. */
    private void assertOfTheSurface() {
        List<String> order = library.calls().stream().map(StubCall::function).toList();
        assertEquals("IOSurfaceGetPixelFormat", order.get(0));
        assertEquals("IOSurfaceLock", order.get(1));
        assertEquals("IOSurfaceUnlock", order.get(order.size() - 1));
        library.calls().forEach(call -> assertEquals(SURFACE, call.argument(0), call::function));
    }

    @Test
    void aCompressedSurfaceIsAskedWithoutALock() throws Exception {
        library.answer("IOSurfaceGetPixelFormat", PixelFormat.of("&8v0").code());

        calls.layout(SURFACE);

        assertEquals(List.of(), library.calls("IOSurfaceLock"));
    }

    @Test
    void aRuleOfLayoutIsAskedByTheFrameworksOwnKey() {
        library.answer("IOSurfaceGetPropertyMaximum", 16384);
        library.answer("IOSurfaceGetPropertyAlignment", 64);

        assertEquals(16384, calls.propertyMaximum(SurfaceKey.WIDTH));
        assertEquals(64, calls.propertyAlignment(SurfaceKey.BYTES_PER_ROW));

        assertEquals(
                List.of(SurfaceStub.string(SurfaceKey.WIDTH), SurfaceStub.string(SurfaceKey.BYTES_PER_ROW)),
                library.calls().stream().map(call -> call.argument(0)).toList());
    }

    @Test
    void alignPropertyPassesKeyAndValue() {
        library.answer("IOSurfaceAlignProperty", 128);

        assertEquals(128, calls.alignProperty(SurfaceKey.BYTES_PER_ROW, 65));

        assertEquals(
                SurfaceStub.string(SurfaceKey.BYTES_PER_ROW), library.onlyCall().argument(0));
        assertEquals(65, library.onlyCall().argument(1));
    }

    @Test
    void aKeyThatThisSystemLacksHasNoRules() {
        assertEquals(7, calls.alignProperty(SurfaceKey.CONTENT_HEADROOM, 7));
        assertEquals(1, calls.propertyAlignment(SurfaceKey.CONTENT_HEADROOM));
        assertEquals(0, calls.propertyMaximum(SurfaceKey.CONTENT_HEADROOM));
        assertEquals(List.of(), library.calls());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0x80, 0xff})
    void anyBooleanThatIsNotZeroAllowsCasting(int answer) {
        assertFalse(calls.allowsPixelSizeCasting(SURFACE));
        library.answer("IOSurfaceAllowsPixelSizeCasting", answer);

        assertTrue(calls.allowsPixelSizeCasting(SURFACE));
    }

    @Test
    void setPurgeablePassesTheStateAndGivesTheOldOneBack() throws Exception {
        library.writeInts("IOSurfaceSetPurgeable", 2, PurgeState.VOLATILE.number());

        assertEquals(PurgeState.VOLATILE, calls.setPurgeable(SURFACE, PurgeState.EMPTY));

        assertEquals(SURFACE, library.onlyCall().argument(0));
        assertEquals(2, library.onlyCall().intArgument(1));
    }

    @Test
    void aStateThatCouldNotBeChangedIsAFailure() {
        library.answer("IOSurfaceSetPurgeable", KernReturn.KERN_FAILURE);

        assertEquals(KernReturn.KERN_FAILURE, code(() -> calls.setPurgeable(SURFACE, PurgeState.VOLATILE)));
    }

    @Test
    void prefaultLocksOnce() {
        calls.prefault(SURFACE);
        library.answer("IOSurfaceLock", KernReturn.KERN_FAILURE);
        calls.prefault(SURFACE);

        assertEquals(
                List.of("IOSurfaceLock", "IOSurfaceUnlock", "IOSurfaceLock"),
                library.calls().stream().map(StubCall::function).toList());
    }

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

    private void giveTheSurfaceItsMemory() {
        memory.clear();
        library.answer("IOSurfaceGetBaseAddress", Pointer.nativeValue(memory));
        library.answer("IOSurfaceGetAllocSize", memory.size());
    }

    @Test
    void theBytesAreTheMemoryItself() {
        giveTheSurfaceItsMemory();

        ByteBuffer bytes = calls.bytes(SURFACE, 0, 4096);
        bytes.putInt(4092, 0x12345678);

        assertEquals(4096, bytes.capacity());
        assertEquals(ByteOrder.LITTLE_ENDIAN, bytes.order());
        assertEquals(0x78, memory.getByte(4092));
    }

    @Test
    @Timeout(60)
    void theBytesKeepTheSurfaceUntilTheyAreCollected() throws Exception {
        giveTheSurfaceItsMemory();

        List<ByteBuffer> held = new ArrayList<>();
        held.add(calls.bytes(SURFACE, 1024, 1024));
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(Map.of(SURFACE, 1), stub.references());
        assertEquals(1024, held.get(0).capacity());

        held.clear();
        while (stub.references().get(SURFACE) != 0) {
            System.gc();
            Thread.sleep(10);
        }
    }

    @Test
    void aSurfaceWithoutMemoryHasNoBytes() {
        library.answer("IOSurfaceGetAllocSize", 4096);

        assertEquals(0, calls.bytes(SURFACE, 0, 4096).capacity());
        assertEquals(Map.of(), stub.references());
    }

    @Test
    void bytesBehindTheEndAreRefused() {
        giveTheSurfaceItsMemory();

        assertThrows(IndexOutOfBoundsException.class, () -> calls.bytes(SURFACE, 1, 4096));
        assertThrows(IndexOutOfBoundsException.class, () -> calls.bytes(SURFACE, -1, 1));

        assertEquals(Map.of(), stub.references());
    }

    @Test
    void theBytesOfALargeSurfaceAreShownInParts() {
        giveTheSurfaceItsMemory();
        library.answer("IOSurfaceGetBaseAddress", Pointer.nativeValue(memory) - 0x1_0000_0000L);
        library.answer("IOSurfaceGetAllocSize", 0x1_0000_1000L);

        calls.bytes(SURFACE, 0x1_0000_0000L, 4096).put(1, (byte) 5);

        assertEquals(5, memory.getByte(1));
    }

    @Test
    void whatMacOsLacksIsNotSupported() {
        SurfaceLayout behind = new SurfaceLayout(
                PixelFormat.BGRA,
                Subsampling.NONE,
                16,
                1,
                false,
                List.of(new Plane(16, 1, 4, 1, 1, 64, 64, 64)),
                List.of(List.of()),
                128);
        assertEquals(KernReturn.KERN_NOT_SUPPORTED, code(() -> calls.create(behind, PLAIN)));
        assertEquals(null, calls.memorySharing());
        assertEquals(List.of(), library.calls());
    }

    @Test
    void withoutTheFrameworksThereAreNoCalls() {
        assertThrows(UnsatisfiedLinkError.class, DarwinSurfaceCalls::new);
    }
}

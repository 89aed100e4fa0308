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
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.plist.PropertyList;
import io.machframe.surface.property.PurgeState;
import io.machframe.surface.property.SurfaceKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each call hands to C and what it makes of the answer, with a stub in the place of the frameworks. */
@DisabledOnOs(value = OS.MAC, disabledReason = "other tests of this JVM need the real frameworks")
final class DarwinSurfaceCallsTest {
    private static final long SURFACE = SurfaceStub.SURFACE;
    private static final long UNTOUCHED = 0x5555_5555_5555_5555L;
    private static final int UNTOUCHED_INT = 0x5555_5555;

    private static final Map<SurfaceKey, Long> PLANAR = Map.of(
            SurfaceKey.WIDTH, 1280L,
            SurfaceKey.HEIGHT, 720L,
            SurfaceKey.PIXEL_FORMAT, 0xf4323076L,
            SurfaceKey.ALLOC_SIZE, 0x1_0000_0001L);

    private static final List<Map<SurfaceKey, Long>> PLANES = List.of(
            Map.of(SurfaceKey.PLANE_WIDTH, 1280L, SurfaceKey.PLANE_HEIGHT, 720L, SurfaceKey.PLANE_OFFSET, 0L),
            Map.of(SurfaceKey.PLANE_WIDTH, 640L, SurfaceKey.PLANE_HEIGHT, 360L, SurfaceKey.PLANE_OFFSET, 921600L));

    private static SurfaceStub stub;

    private final long[] surface = {UNTOUCHED};
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

    @Test
    void createDescribesASurfaceByNumbersUnderTheFrameworksOwnKeys() {
        Map<SurfaceKey, Long> properties = Map.of(SurfaceKey.WIDTH, 64L, SurfaceKey.BYTES_PER_ELEMENT, 4L);

        assertEquals(KernReturn.KERN_SUCCESS, calls.create(properties, List.of(), surface));

        StubCall create = library.calls("IOSurfaceCreate").get(0);
        assertEquals(properties, stub.dictionary(create.argument(0)));
        assertEquals(SURFACE, surface[0]);
    }

    @Test
    void createDescribesPlanesInTheirOrder() {
        assertEquals(KernReturn.KERN_SUCCESS, calls.create(PLANAR, PLANES, surface));

        Map<SurfaceKey, Object> description =
                stub.dictionary(library.calls("IOSurfaceCreate").get(0).argument(0));
        assertEquals(PLANES, description.remove(SurfaceKey.PLANE_INFO));
        assertEquals(PLANAR, description);
    }

    @Test
    void createMakesNumbersOf64BitsAndCollectionsThatRetain() {
        calls.create(PLANAR, PLANES, surface);

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
    void createDescribesComponentsByListsOfNumbers() {
        Map<SurfaceKey, Object> properties = Map.of(
                SurfaceKey.WIDTH, 64L,
                SurfaceKey.PLANE_COMPONENT_NAMES, List.of(4L, 3L, 2L, 1L),
                SurfaceKey.SUBSAMPLING, 1L);

        assertEquals(KernReturn.KERN_SUCCESS, calls.create(properties, List.of(), surface));

        assertEquals(
                properties,
                stub.dictionary(library.calls("IOSurfaceCreate").get(0).argument(0)));
        assertEverythingIsReleased();
    }

    @Test
    void createDescribesABooleanByAPropertyList() {
        calls.create(Map.of(SurfaceKey.PIXEL_SIZE_CASTING_ALLOWED, false), List.of(), surface);

        assertEquals(
                Map.of(SurfaceKey.PIXEL_SIZE_CASTING_ALLOWED, "property list"),
                stub.dictionary(library.calls("IOSurfaceCreate").get(0).argument(0)));
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
    void createReleasesEachObjectOnceAndNoneBeforeTheSurfaceIsMade() {
        calls.create(PLANAR, PLANES, surface);

        List<String> order = library.calls().stream().map(StubCall::function).toList();
        assertEverythingIsReleased();
        assertTrue(order.indexOf("CFRelease") > order.indexOf("IOSurfaceCreate"));
    }

    @Test
    void createReleasesEachObjectAlsoWhenThereIsNoSurface() {
        library.answer("IOSurfaceCreate", 0);

        assertEquals(KernReturn.KERN_FAILURE, calls.create(PLANAR, PLANES, surface));

        assertEverythingIsReleased();
        assertEquals(UNTOUCHED, surface[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CFNumberCreate", "CFArrayCreateMutable"})
    void createGivesUpWholeWhenCoreFoundationHasNoObject(String function) {
        library.answer(function, 0);

        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, calls.create(PLANAR, PLANES, surface));

        assertEverythingIsReleased();
        assertEquals(List.of(), library.calls("IOSurfaceCreate"));
        assertEquals(UNTOUCHED, surface[0]);
    }

    @Test
    void createPutsNothingIntoADictionaryThatIsNotThere() {
        library.answer("CFDictionaryCreateMutable", 0);

        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, calls.create(PLANAR, PLANES, surface));

        assertEquals("CFDictionaryCreateMutable", library.onlyCall().function());
    }

    @Test
    void lookUpPassesThePortAndGivesTheReferenceBack() {
        library.answer("IOSurfaceLookupFromMachPort", SURFACE);

        assertEquals(KernReturn.KERN_SUCCESS, calls.lookupFromMachPort(0xfedcba98, surface));

        assertEquals(0xfedcba98, library.onlyCall().intArgument(0));
        assertEquals(SURFACE, surface[0]);
    }

    @Test
    void lookUpByIdGivesTheReferenceOrSaysThatThereIsNone() {
        assertEquals(KernReturn.KERN_INVALID_NAME, calls.lookup(7, surface));
        assertEquals(UNTOUCHED, surface[0]);
        library.reset();
        library.answer("IOSurfaceLookup", SURFACE);

        assertEquals(KernReturn.KERN_SUCCESS, calls.lookup(0xfedcba98, surface));

        assertEquals(0xfedcba98, library.onlyCall().intArgument(0));
        assertEquals(SURFACE, surface[0]);
    }

    @Test
    void aPortThatIsNoSurfaceIsRefused() {
        assertEquals(KernReturn.KERN_INVALID_CAPABILITY, calls.lookupFromMachPort(0x1507, surface));

        assertEquals(UNTOUCHED, surface[0]);
    }

    @Test
    void createMachPortGivesTheRightBack() {
        library.answer("IOSurfaceCreateMachPort", 0xfedcba98L);
        int[] port = {UNTOUCHED_INT};

        assertEquals(KernReturn.KERN_SUCCESS, calls.createMachPort(SURFACE, port));

        assertEquals(SURFACE, library.onlyCall().argument(0));
        assertEquals(0xfedcba98, port[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {Mach.MACH_PORT_NULL, Mach.MACH_PORT_DEAD})
    void aPortThatCouldNotBeMadeIsAFailure(int made) {
        library.answer("IOSurfaceCreateMachPort", made);
        int[] port = {UNTOUCHED_INT};

        assertEquals(KernReturn.KERN_FAILURE, calls.createMachPort(SURFACE, port));

        assertEquals(UNTOUCHED_INT, port[0]);
    }

    @Test
    void releaseReleases() {
        calls.release(SURFACE);

        assertEquals("CFRelease", library.onlyCall().function());
        assertEquals(SURFACE, library.onlyCall().argument(0));
    }

    @Test
    void lockPassesTheOptionsAndGivesTheSeedBack() {
        library.writeInts("IOSurfaceLock", 2, 41);
        int[] seed = {UNTOUCHED_INT};

        int options = SurfaceCalls.LOCK_READ_ONLY | SurfaceCalls.LOCK_AVOID_SYNC;
        assertEquals(KernReturn.KERN_SUCCESS, calls.lock(SURFACE, options, seed));

        assertEquals(SURFACE, library.onlyCall().argument(0));
        assertEquals(options, library.onlyCall().intArgument(1));
        assertEquals(41, seed[0]);
    }

    @Test
    void unlockPassesTheOptionsAndGivesTheNewSeedBack() {
        library.writeInts("IOSurfaceUnlock", 2, 42);
        int[] seed = {UNTOUCHED_INT};

        assertEquals(KernReturn.KERN_SUCCESS, calls.unlock(SURFACE, 0, seed));

        assertEquals(SURFACE, library.onlyCall().argument(0));
        assertEquals(0, library.onlyCall().intArgument(1));
        assertEquals(42, seed[0]);
    }

    @Test
    void aLockWithoutASeedIsALock() {
        assertEquals(KernReturn.KERN_SUCCESS, calls.lock(SURFACE, 0, null));
        assertEquals(KernReturn.KERN_SUCCESS, calls.unlock(SURFACE, 0, null));

        assertEquals(2, library.calls().size());
    }

    @Test
    void aFailedLockWritesNoSeed() {
        library.answer("IOSurfaceLock", KernReturn.IO_RETURN_CANNOT_LOCK);
        int[] seed = {UNTOUCHED_INT};

        assertEquals(KernReturn.IO_RETURN_CANNOT_LOCK, calls.lock(SURFACE, SurfaceCalls.LOCK_AVOID_SYNC, seed));

        assertEquals(UNTOUCHED_INT, seed[0]);
    }

    @Test
    void useCountsArePassedOn() {
        assertEquals(KernReturn.KERN_SUCCESS, calls.incrementUseCount(SURFACE));
        assertEquals(KernReturn.KERN_SUCCESS, calls.decrementUseCount(SURFACE));

        assertEquals(
                List.of("IOSurfaceIncrementUseCount", "IOSurfaceDecrementUseCount"),
                library.calls().stream().map(StubCall::function).toList());
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

    static Stream<Arguments> getters() {
        return Stream.of(
                getter("IOSurfaceGetBaseAddress", calls -> calls.baseAddress(SURFACE)),
                getter("IOSurfaceGetAllocSize", calls -> calls.allocSize(SURFACE)),
                getter("IOSurfaceGetWidth", calls -> calls.width(SURFACE)),
                getter("IOSurfaceGetHeight", calls -> calls.height(SURFACE)),
                getter("IOSurfaceGetBytesPerElement", calls -> calls.bytesPerElement(SURFACE)),
                getter("IOSurfaceGetBytesPerRow", calls -> calls.bytesPerRow(SURFACE)),
                getter("IOSurfaceGetElementWidth", calls -> calls.elementWidth(SURFACE)),
                getter("IOSurfaceGetElementHeight", calls -> calls.elementHeight(SURFACE)));
    }

    @ParameterizedTest
    @MethodSource("getters")
    void aSizeIsThatOfTheFunctionOfItsName(String function, ToLongFunction<SurfaceCalls> getter) {
        library.answer(function, 0x1_2345_6789L);

        assertEquals(0x1_2345_6789L, getter.applyAsLong(calls));

        assertEquals(SURFACE, library.onlyCall().argument(0));
    }

    static Stream<Arguments> intGetters() {
        return Stream.of(
                getter("IOSurfaceGetID", calls -> calls.id(SURFACE)),
                getter("IOSurfaceGetSeed", calls -> calls.seed(SURFACE)),
                getter("IOSurfaceGetUseCount", calls -> calls.useCount(SURFACE)),
                getter("IOSurfaceGetPixelFormat", calls -> calls.pixelFormat(SURFACE)),
                getter("IOSurfaceGetPlaneCount", calls -> calls.planeCount(SURFACE)),
                getter("IOSurfaceGetSubsampling", calls -> calls.subsampling(SURFACE)));
    }

    @ParameterizedTest
    @MethodSource("intGetters")
    void aNumberIsThatOfTheFunctionOfItsName(String function, ToLongFunction<SurfaceCalls> getter) {
        library.answer(function, 0x3432_3076);

        assertEquals(0x3432_3076, getter.applyAsLong(calls));

        assertEquals(SURFACE, library.onlyCall().argument(0));
    }

    static Stream<Arguments> planeGetters() {
        return Stream.of(
                getter("IOSurfaceGetBaseAddressOfPlane", calls -> calls.baseAddressOfPlane(SURFACE, 3)),
                getter("IOSurfaceGetWidthOfPlane", calls -> calls.widthOfPlane(SURFACE, 3)),
                getter("IOSurfaceGetHeightOfPlane", calls -> calls.heightOfPlane(SURFACE, 3)),
                getter("IOSurfaceGetBytesPerElementOfPlane", calls -> calls.bytesPerElementOfPlane(SURFACE, 3)),
                getter("IOSurfaceGetBytesPerRowOfPlane", calls -> calls.bytesPerRowOfPlane(SURFACE, 3)),
                getter("IOSurfaceGetElementWidthOfPlane", calls -> calls.elementWidthOfPlane(SURFACE, 3)),
                getter("IOSurfaceGetElementHeightOfPlane", calls -> calls.elementHeightOfPlane(SURFACE, 3)));
    }

    @ParameterizedTest
    @MethodSource("planeGetters")
    void aSizeOfAPlaneIsThatOfTheFunctionOfItsName(String function, ToLongFunction<SurfaceCalls> getter) {
        library.answer(function, 0x1_2345_6789L);

        assertEquals(0x1_2345_6789L, getter.applyAsLong(calls));

        assertEquals(SURFACE, library.onlyCall().argument(0));
        assertEquals(3, library.onlyCall().argument(1));
    }

    static Stream<Arguments> componentGetters() {
        return Stream.of(
                getter("IOSurfaceGetNameOfComponentOfPlane", calls -> calls.nameOfComponentOfPlane(SURFACE, 3, 2)),
                getter("IOSurfaceGetTypeOfComponentOfPlane", calls -> calls.typeOfComponentOfPlane(SURFACE, 3, 2)),
                getter("IOSurfaceGetRangeOfComponentOfPlane", calls -> calls.rangeOfComponentOfPlane(SURFACE, 3, 2)),
                getter(
                        "IOSurfaceGetBitDepthOfComponentOfPlane",
                        calls -> calls.bitDepthOfComponentOfPlane(SURFACE, 3, 2)),
                getter(
                        "IOSurfaceGetBitOffsetOfComponentOfPlane",
                        calls -> calls.bitOffsetOfComponentOfPlane(SURFACE, 3, 2)));
    }

    @ParameterizedTest
    @MethodSource("componentGetters")
    void aFactOfAComponentIsThatOfTheFunctionOfItsName(String function, ToLongFunction<SurfaceCalls> getter) {
        library.answer(function, 6);

        assertEquals(6, getter.applyAsLong(calls));

        assertEquals(SURFACE, library.onlyCall().argument(0));
        assertEquals(3, library.onlyCall().argument(1));
        assertEquals(2, library.onlyCall().argument(2));
    }

    @Test
    void componentsAreCountedByPlane() {
        library.answer("IOSurfaceGetNumberOfComponentsOfPlane", 4);

        assertEquals(4, calls.numberOfComponentsOfPlane(SURFACE, 3));

        assertEquals(3, library.onlyCall().argument(1));
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
    void setPurgeablePassesTheStateAndGivesTheOldOneBack() {
        library.writeInts("IOSurfaceSetPurgeable", 2, PurgeState.VOLATILE.number());
        int[] old = {UNTOUCHED_INT};

        assertEquals(KernReturn.KERN_SUCCESS, calls.setPurgeable(SURFACE, PurgeState.EMPTY.number(), old));

        assertEquals(SURFACE, library.onlyCall().argument(0));
        assertEquals(2, library.onlyCall().intArgument(1));
        assertEquals(1, old[0]);
    }

    @Test
    void aStateThatCouldNotBeChangedIsNotTold() {
        library.answer("IOSurfaceSetPurgeable", KernReturn.KERN_FAILURE);
        int[] old = {UNTOUCHED_INT};

        assertEquals(KernReturn.KERN_FAILURE, calls.setPurgeable(SURFACE, 1, old));

        assertEquals(UNTOUCHED_INT, old[0]);
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

    @Test
    void aPortForReadingOnlyIsNotToBeHad() {
        int[] port = {UNTOUCHED_INT};

        assertEquals(KernReturn.KERN_NOT_SUPPORTED, calls.createReadOnlyMachPort(SURFACE, port));

        assertEquals(UNTOUCHED_INT, port[0]);
        assertFalse(calls.isReadOnly(SURFACE));
        assertEquals(List.of(), library.calls());
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
    void setValuePassesPropertyListsOfKeyAndValue() {
        assertEquals(KernReturn.KERN_SUCCESS, calls.setValue(SURFACE, "key", "value"));

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
    void setValuesPassesOnePropertyList() {
        assertEquals(KernReturn.KERN_SUCCESS, calls.setValues(SURFACE, Map.of("key", 1L)));

        StubCall set = library.calls("IOSurfaceSetValues").get(0);
        assertEquals(
                library.calls("CFPropertyListCreateWithData").get(0).result().bits(), set.argument(1));
        assertEverythingIsReleased();
    }

    @Test
    void copyValueDescribesWhatItGetsAndReleasesIt() {
        library.answer("IOSurfaceCopyValue", 0x5000_0000_0000L);
        letEveryObjectBe(List.of(1L, "x"));
        Object[] value = new Object[1];

        assertEquals(KernReturn.KERN_SUCCESS, calls.copyValue(SURFACE, "key", value));

        assertEquals(List.of(1L, "x"), value[0]);
        StubCall described = library.calls("CFPropertyListCreateData").get(0);
        assertEquals(0x5000_0000_0000L, described.argument(1));
        assertEquals(CoreFoundation.BINARY_FORMAT, described.argument(2));
        assertEverythingIsReleased();
    }

    @Test
    void aValueThatIsNotThereIsNone() {
        Object[] value = {"old"};

        assertEquals(KernReturn.KERN_SUCCESS, calls.copyValue(SURFACE, "key", value));

        assertEquals(null, value[0]);
        assertEverythingIsReleased();
    }

    @Test
    void copyAllValuesGivesAMap() {
        library.answer("IOSurfaceCopyAllValues", 0x5000_0000_0000L);
        letEveryObjectBe(Map.of("a", true));
        Map<String, Object> values = new HashMap<>();

        assertEquals(KernReturn.KERN_SUCCESS, calls.copyAllValues(SURFACE, values));

        assertEquals(Map.of("a", true), values);
        assertEverythingIsReleased();
    }

    @Test
    void aValueThatNoPropertyListCanHoldIsAFailure() {
        library.answer("IOSurfaceCopyValue", 0x5000_0000_0000L);

        assertEquals(KernReturn.KERN_RESOURCE_SHORTAGE, calls.copyValue(SURFACE, "key", new Object[1]));

        assertEverythingIsReleased();
    }

    @Test
    void valuesAreRemovedByKeyOrAll() {
        assertEquals(KernReturn.KERN_SUCCESS, calls.removeValue(SURFACE, "key"));
        assertEverythingIsReleased();
        assertEquals(
                library.calls("CFPropertyListCreateWithData").get(0).result().bits(),
                library.calls("IOSurfaceRemoveValue").get(0).argument(1));
        library.forget();
        assertEquals(KernReturn.KERN_SUCCESS, calls.removeAllValues(SURFACE));
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
        assertEquals(KernReturn.KERN_NOT_SUPPORTED, calls.createInMemory(0, PLANAR, PLANES, surface));
        assertEquals(KernReturn.KERN_NOT_SUPPORTED, calls.createDmaBuf(PLANAR, PLANES, surface));
        assertEquals(KernReturn.KERN_NOT_SUPPORTED, calls.exportMemory(SURFACE, false, new int[1], new long[1]));
        assertEquals(KernReturn.KERN_NOT_SUPPORTED, calls.create(Map.of(SurfaceKey.OFFSET, 64L), List.of(), surface));
        assertEquals(List.of(), library.calls());
        assertEquals(UNTOUCHED, surface[0]);
    }

    @Test
    void withoutTheFrameworksThereAreNoCalls() {
        assertThrows(UnsatisfiedLinkError.class, DarwinSurfaceCalls::new);
    }
}

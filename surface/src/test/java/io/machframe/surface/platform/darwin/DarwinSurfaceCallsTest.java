/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.Mach;
import io.machframe.core.testing.abi.StubCall;
import io.machframe.surface.platform.SurfaceCalls;
import io.machframe.surface.property.PurgeState;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each call hands to C and what it makes of the answer. */
@DisabledOnOs(value = OS.MAC, disabledReason = "other tests of this JVM need the real frameworks")
final class DarwinSurfaceCallsTest extends StubbedFrameworks {
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

    @Test
    void withoutTheFrameworksThereAreNoCalls() {
        assertThrows(UnsatisfiedLinkError.class, DarwinSurfaceCalls::new);
    }
}

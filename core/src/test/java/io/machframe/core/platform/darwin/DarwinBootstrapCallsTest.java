/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.KernReturn;
import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.Mach;
import io.machframe.core.testing.abi.StubCall;
import io.machframe.core.testing.abi.StubLibrary;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each call hands to C and what it makes of the answer, with a stub in the place of libSystem. */
@DisabledOnOs(value = OS.MAC, disabledReason = "other tests of this JVM need the real libSystem")
final class DarwinBootstrapCallsTest extends StubbedLibSystem {
    private static final int PORT = 0x2b03;

    private final int[] port = {UNTOUCHED};
    private final BootstrapCalls bootstrap = bootstrap();

    @Override
    @BeforeEach
    void reset() {
        super.reset();
        stub.read("bootstrap_check_in", 1, StubLibrary.STRING);
        stub.read("bootstrap_look_up", 1, StubLibrary.STRING);
        stub.read("bootstrap_register", 1, StubLibrary.STRING);
        stub.writeInts("bootstrap_check_in", 2, PORT);
        stub.writeInts("bootstrap_look_up", 2, PORT);
    }

    @Test
    void checkInPassesTheNameAndGivesTheRightBack() {
        assertEquals(KernReturn.KERN_SUCCESS, bootstrap.checkIn("io.machframe.camera", port));

        StubCall call = stub.onlyCall();
        assertEquals("bootstrap_check_in", call.function());
        assertEquals(BOOTSTRAP, call.intArgument(0));
        assertEquals("io.machframe.camera", call.string(1));
        assertEquals(PORT, port[0]);
    }

    @Test
    void lookUpPassesTheNameAndGivesTheRightBack() {
        assertEquals(KernReturn.KERN_SUCCESS, bootstrap.lookUp("io.machframe.camera", 1000, port));

        StubCall call = stub.onlyCall();
        assertEquals("bootstrap_look_up", call.function());
        assertEquals(BOOTSTRAP, call.intArgument(0));
        assertEquals("io.machframe.camera", call.string(1));
        assertEquals(PORT, port[0]);
    }

    @Test
    void registerPassesTheNameAndTheRightOrNull() {
        for (int right : new int[] {PORT, Mach.MACH_PORT_NULL}) {
            assertEquals(KernReturn.KERN_SUCCESS, bootstrap.register("io.machframe.camera", right));

            StubCall call = stub.onlyCall();
            assertEquals("bootstrap_register", call.function());
            assertEquals(BOOTSTRAP, call.intArgument(0));
            assertEquals("io.machframe.camera", call.string(1));
            assertEquals(right, call.intArgument(2));
            reset();
        }
        stub.answer("bootstrap_register", KernReturn.BOOTSTRAP_SERVICE_ACTIVE);
        assertEquals(KernReturn.BOOTSTRAP_SERVICE_ACTIVE, bootstrap.register("camera", PORT));
        assertEquals(KernReturn.KERN_INVALID_ARGUMENT, bootstrap.register("x".repeat(128), PORT));
    }

    @Test
    void aFailureIsAnsweredAsItCame() {
        stub.answer("bootstrap_check_in", KernReturn.BOOTSTRAP_SERVICE_ACTIVE);
        stub.answer("bootstrap_look_up", KernReturn.BOOTSTRAP_NOT_PRIVILEGED);

        assertEquals(KernReturn.BOOTSTRAP_SERVICE_ACTIVE, bootstrap.checkIn("camera", port));
        assertEquals(KernReturn.BOOTSTRAP_NOT_PRIVILEGED, bootstrap.lookUp("camera", 0, port));
        assertEquals(UNTOUCHED, port[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {Mach.MACH_PORT_NULL, Mach.MACH_PORT_DEAD})
    void aServerThatDiedDuringTheLookUpIsUnknown(int name) {
        stub.writeInts("bootstrap_look_up", 2, name);

        assertEquals(KernReturn.BOOTSTRAP_UNKNOWN_SERVICE, bootstrap.lookUp("camera", 0, port));
        assertEquals(UNTOUCHED, port[0]);
    }

    @Test
    void aShorterNameIsNotFollowedByTheRestOfALongerOne() {
        bootstrap.checkIn("a longer name", port);
        stub.forget();

        bootstrap.checkIn("short", port);

        assertEquals("short", stub.onlyCall().string(1));
    }

    static Stream<String> longestNames() {
        return Stream.of("n".repeat(127), "ä".repeat(63) + "n", "😀".repeat(31) + "nnn");
    }

    @ParameterizedTest
    @MethodSource("longestNames")
    void aNameOf127BytesIsPassedWhole(String name) {
        assertEquals(KernReturn.KERN_SUCCESS, bootstrap.checkIn(name, port));

        assertEquals(name, stub.onlyCall().string(1));
    }

    static Stream<String> namesThatAreNone() {
        return Stream.of("n".repeat(128), "ä".repeat(64), "n".repeat(100_000), "camera\0", "\0", "camera\ud83d");
    }

    @ParameterizedTest
    @MethodSource("namesThatAreNone")
    void aNameThatCWouldCutNeverReachesIt(String name) {
        assertEquals(KernReturn.KERN_INVALID_ARGUMENT, bootstrap.checkIn(name, port));
        assertEquals(KernReturn.KERN_INVALID_ARGUMENT, bootstrap.lookUp(name, 0, port));

        assertEquals(List.of(), stub.calls());
        assertEquals(UNTOUCHED, port[0]);
    }

    @Test
    void aBootstrapPortThatTheProgramSetIsUsed() {
        stub.setInt(LibSystem.BOOTSTRAP_PORT, 0x909);

        bootstrap.checkIn("camera", port);

        assertEquals(0x909, stub.onlyCall().intArgument(0));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.corefoundation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.messageport.SendResult;
import io.machframe.core.runloop.Activity;
import io.machframe.core.runloop.RunLoopMode;
import io.machframe.core.runloop.RunResult;
import io.machframe.core.testing.abi.AbiTable;
import io.machframe.core.testing.abi.Arch;
import io.machframe.core.testing.abi.BindingContract;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What this library says of CoreFoundation, compared with Apple's headers. */
final class CoreFoundationTest extends BindingContract {
    CoreFoundationTest() {
        super(CoreFoundation.class, CoreFoundation.INSTALL_NAME);
    }

    private static long constant(String name) {
        return AbiTable.of(Arch.ofThisJvm()).constant(name).orElseThrow();
    }

    @Test
    void resultsAndActivitiesHaveTheirNumbersOfC() {
        assertEquals(constant("kCFRunLoopRunFinished"), RunResult.FINISHED.code());
        assertEquals(constant("kCFRunLoopRunStopped"), RunResult.STOPPED.code());
        assertEquals(constant("kCFRunLoopRunTimedOut"), RunResult.TIMED_OUT.code());
        assertEquals(constant("kCFRunLoopRunHandledSource"), RunResult.HANDLED_SOURCE.code());
        assertEquals(constant("kCFRunLoopEntry"), Activity.ENTRY.bit());
        assertEquals(constant("kCFRunLoopBeforeTimers"), Activity.BEFORE_TIMERS.bit());
        assertEquals(constant("kCFRunLoopBeforeSources"), Activity.BEFORE_SOURCES.bit());
        assertEquals(constant("kCFRunLoopBeforeWaiting"), Activity.BEFORE_WAITING.bit());
        assertEquals(constant("kCFRunLoopAfterWaiting"), Activity.AFTER_WAITING.bit());
        assertEquals(constant("kCFRunLoopExit"), Activity.EXIT.bit());
        assertEquals(constant("kCFMessagePortSuccess"), SendResult.SUCCESS.code());
        assertEquals(constant("kCFMessagePortSendTimeout"), SendResult.SEND_TIMED_OUT.code());
        assertEquals(constant("kCFMessagePortReceiveTimeout"), SendResult.RECEIVE_TIMED_OUT.code());
        assertEquals(constant("kCFMessagePortIsInvalid"), SendResult.INVALID.code());
        assertEquals(constant("kCFMessagePortTransportError"), SendResult.TRANSPORT_ERROR.code());
        assertEquals(constant("kCFMessagePortBecameInvalidError"), SendResult.BECAME_INVALID.code());
        assertEquals(constant("kCFStringEncodingUTF8"), CoreFoundation.UTF8);
        assertEquals("kCFRunLoopDefaultMode", RunLoopMode.DEFAULT.name());
        assertEquals("kCFRunLoopCommonModes", RunLoopMode.COMMON.name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"CFMachPort", "CFMessagePort", "CFRunLoop"})
    void theDocumentSaysWhatBecomesOfEachFunction(String prefix) throws Exception {
        String document = Files.readString(Path.of("docs", "run-loops.md"));
        for (String function : AbiTable.of(Arch.ofThisJvm()).functionNames(prefix)) {
            assertTrue(document.contains("`" + function + "`"), function);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.bootstrap.Bootstrap;
import io.machframe.core.error.MachException;
import io.machframe.core.port.Task;
import io.machframe.core.testing.ChildProcess;
import io.machframe.surface.IOSurface;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;

/** Issue 11, C27: where native code cannot be loaded each call says so, the same each time, and what to do about it. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "uses a folder that only Linux has")
@Timeout(120)
final class NativeCodeProcessTest {
    private static final String CAUSE = "native code cannot be loaded: ";

    @Test
    void aFolderThatCannotBeWrittenIsNamedEachTime() throws Exception {
        eachCallSays(List.of("-Djna.tmpdir=/proc/none"), "/proc/none", "-Djna.tmpdir=FOLDER");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24, disabledReason = "native access can be denied from Java 24 on")
    void deniedNativeAccessIsSaidEachTime() throws Exception {
        eachCallSays(List.of("--illegal-native-access=deny"), "native access", "--enable-native-access=ALL-UNNAMED");
    }

    private static void eachCallSays(List<String> options, String cause, String remedy) throws IOException {
        ProcessBuilder builder = ChildProcess.builder(options, Caller.class);
        builder.command().remove("--enable-native-access=ALL-UNNAMED");
        try (ChildProcess child = ChildProcess.of(builder.start())) {
            String first = child.readLine();
            assertTrue(first.startsWith("MachException: " + CAUSE), first);
            assertTrue(first.contains(cause), first);
            assertTrue(first.contains(remedy), first);
            for (int i = 1; i < 2 * Caller.CALLS.size(); i++) {
                assertEquals(first, child.readLine());
            }
            String unchecked = first.replace("MachException", "UnsupportedOperationException");
            assertEquals(unchecked, child.readLine());
            assertEquals(unchecked, child.readLine());
            assertEquals(first.replace(CAUSE, "IOSurfaceCreate: " + CAUSE), child.readLine());
        }
    }

    /** Calls what users begin with, twice each. */
    static final class Caller {
        private interface Call {
            void run() throws Exception;
        }

        static final List<Call> CALLS = List.of(
                () -> FrameClient.connect("none"),
                () -> FrameServer.open("none", FrameFormat.of(16, 16, PixelFormat.BGRA)),
                StreamDirectory::list,
                () -> Bootstrap.checkIn("none"),
                () -> Bootstrap.lookUp("none", Duration.ofSeconds(1)));

        private Caller() {}

        public static void main(String[] arguments) {
            for (Call call : CALLS) {
                report(call);
                report(call);
            }
            report(Task::self);
            report(Task::self);
            // Its text begins with the call.
            report(() -> IOSurface.create(SurfaceProperties.of(16, 16, PixelFormat.BGRA)));
        }

        private static void report(Call call) {
            try {
                call.run();
                System.out.println("no exception");
            } catch (MachException e) {
                System.out.println("MachException: " + e.getMessage());
            } catch (Exception | Error e) {
                System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.RequiresCapability;
import io.machframe.core.testing.RightsLedger;
import io.machframe.core.testing.TestCapability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Where names live on Linux, and what is said when they cannot live there. */
@RequiresCapability(TestCapability.LINUX)
@Timeout(120)
@ExtendWith(RightsLedger.class)
class RuntimeDirectoryProcessTest {
    private static final String NAME = ServicePeer.spell("name");

    @TempDir
    private Path folder;

    @BeforeEach
    void openFolder() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Returns what checking in and looking up say in a process with these settings. */
    private static List<String> answers(List<String> prefix) throws IOException {
        List<String> answers = new ArrayList<>();
        try (ChildProcess child = ChildProcess.start(prefix, ServicePeer.class)) {
            for (String command : List.of("checkIn " + NAME, "lookUp " + NAME + " 60000", "directory " + NAME)) {
                child.writeLine(command);
                answers.add(child.readLine());
            }
        }
        return answers;
    }

    private static List<String> with(String variable, Path value) {
        return List.of("env", variable + "=" + value);
    }

    private static void refused(List<String> prefix, Path path, String problem) throws IOException {
        String wanted = "MachException: names cannot be used in " + path + " (" + problem + ")";
        List<String> answers = answers(prefix);
        assertEquals(wanted, answers.get(0));
        assertEquals(wanted, answers.get(1));
    }

    private static void works(List<String> prefix, Path directory) throws IOException {
        assertEquals(List.of("ok", "ok", directory.toString()), answers(prefix));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
    }

    @Test
    void theNamedDirectoryIsMadeForItsUserAlone() throws Exception {
        works(with("MACHFRAME_RUNTIME_DIR", folder.resolve("new")), folder.resolve("new"));
        works(with("MACHFRAME_RUNTIME_DIR", folder.resolve("new")), folder.resolve("new"));
    }

    @Test
    void theSessionsDirectoryIsUsedWhereNoneIsNamed() throws Exception {
        Path session = Files.createDirectory(folder.resolve("session"));
        works(
                List.of("env", "-u", "MACHFRAME_RUNTIME_DIR", "XDG_RUNTIME_DIR=" + session),
                session.resolve("machframe"));
        works(List.of("env", "MACHFRAME_RUNTIME_DIR=", "XDG_RUNTIME_DIR=" + session), session.resolve("machframe"));
    }

    @Test
    void withoutASessionADirectoryOfTheUsersIsUsed() throws Exception {
        List<String> answers = answers(List.of("env", "-u", "MACHFRAME_RUNTIME_DIR", "-u", "XDG_RUNTIME_DIR"));
        assertEquals("ok", answers.get(0));
        Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        assertTrue(
                List.of("/run/user/" + user + "/machframe", "/tmp/machframe-" + user)
                        .contains(answers.get(2)),
                answers.get(2));
    }

    @Test
    void aPathOfAnyLengthAndSpellingWorks() throws Exception {
        Path deep = folder;
        for (int i = 0; i < 4; i++) {
            deep = Files.createDirectory(deep.resolve("größe und länge ".repeat(4)));
        }
        assertTrue(deep.toString().length() > 200);
        works(with("MACHFRAME_RUNTIME_DIR", deep.resolve("x")), deep.resolve("x"));
    }

    @Test
    void thePathIsTheSameBytesInALocaleWithoutThem() throws Exception {
        Path named = folder.resolve("größe");
        List<String> answers = answers(List.of("env", "LC_ALL=C", "MACHFRAME_RUNTIME_DIR=" + named));
        assertEquals(List.of("ok", "ok"), answers.subList(0, 2));
        try (Stream<Path> made = Files.list(folder)) {
            assertEquals(List.of(named), made.toList());
        }
    }

    @Test
    void aFileIsRefused() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        refused(with("MACHFRAME_RUNTIME_DIR", file), file, "it is a file or a symbolic link, not a directory");
    }

    @Test
    void aSymbolicLinkIsRefused() throws Exception {
        Path target = Files.createDirectory(
                folder.resolve("target"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        refused(with("MACHFRAME_RUNTIME_DIR", link), link, "it is a file or a symbolic link, not a directory");
        try (Stream<Path> made = Files.list(target)) {
            assertEquals(0, made.count());
        }
    }

    @Test
    void aDirectoryThatOthersMayEnterIsRefused() throws Exception {
        for (String mode : List.of("rwxr-xr-x", "rwx--x---", "rwx---r--", "rwxrwxrwx")) {
            Path open = Files.createDirectory(folder.resolve(mode));
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString(mode));
            refused(with("MACHFRAME_RUNTIME_DIR", open), open, "other users have access to it");
        }
    }

    @Test
    void aDirectoryThatItsOwnerMayNotUseIsRefused() throws Exception {
        Path shut = Files.createDirectory(folder.resolve("shut"));
        Files.setPosixFilePermissions(shut, PosixFilePermissions.fromString("r-x------"));
        refused(with("MACHFRAME_RUNTIME_DIR", shut), shut, "its owner may not read, write and enter it");
    }

    @Test
    void aPlaceThatDoesNotExistIsRefused() throws Exception {
        String problem = "the directory to make it in does not exist or may not be written";
        Path nowhere = folder.resolve("no/where");
        refused(with("MACHFRAME_RUNTIME_DIR", nowhere), nowhere, problem);
        refused(
                List.of("env", "-u", "MACHFRAME_RUNTIME_DIR", "XDG_RUNTIME_DIR=" + nowhere),
                nowhere.resolve("machframe"),
                problem);
        assertFalse(Files.exists(folder.resolve("no")));
    }

    @Test
    @RequiresCapability(TestCapability.OTHER_USER)
    void anotherUsersDirectoryIsRefused() throws Exception {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Files.setAttribute(theirs, "unix:uid", OtherUser.ID);
        Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwx------"));
        refused(with("MACHFRAME_RUNTIME_DIR", theirs), theirs, "it belongs to another user");
    }

    /** Scenario G.5-60. */
    @Test
    @RequiresCapability(TestCapability.OTHER_USER)
    void anotherUserIsKeptOutAndHasNamesOfTheirOwn() throws Exception {
        Path own = folder.resolve("own");
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        OtherUser other = new OtherUser(folder.resolve("classes"));
        try (ChildProcess owner = ChildProcess.start(with("MACHFRAME_RUNTIME_DIR", own), ServicePeer.class)) {
            owner.writeLine("checkIn " + NAME);
            assertEquals("ok", owner.readLine());
            try (ChildProcess stranger = other.start(own, ServicePeer.class)) {
                for (String command : List.of("lookUp " + NAME + " 60000", "checkIn " + NAME)) {
                    stranger.writeLine(command);
                    assertEquals(
                            "MachException: names cannot be used in " + own + " (this user may not enter it)",
                            stranger.readLine());
                }
            }
        }
        Path theirs = shared.resolve("theirs");
        try (ChildProcess server = other.start(theirs, ServicePeer.class);
                ChildProcess client = other.start(theirs, ServicePeer.class)) {
            server.writeLine("checkIn " + NAME);
            assertEquals("ok", server.readLine());
            client.writeLine("lookUp " + NAME + " 60000");
            assertEquals("ok", client.readLine());
            server.writeLine("serve " + NAME);
            client.writeLine("request " + NAME + " 1");
            assertEquals("answered 2 by " + server.pid(), client.readLine());
            assertEquals("served " + client.pid() + " " + OtherUser.ID + " " + OtherUser.ID, server.readLine());
        }
    }
}

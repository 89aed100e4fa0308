/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;

/** What a program of the demos printed and how it ended. */
record Outcome(int status, String out, String err) {
    /** Runs a program in this process. */
    static Outcome of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Main.program().run(new PrintWriter(out), new PrintWriter(err), Main.withCommand(arguments));
        return new Outcome(status, out.toString(), withoutProgress(err.toString()));
    }

    /** Returns what was said on standard error, except for how far it got after each second. */
    static String withoutProgress(String errors) {
        return errors.replaceAll("(?m)^ *\\d+ s: .*\\R", "");
    }

    /** Runs a program in a thread of its own. */
    static CompletableFuture<Outcome> inBackground(String... arguments) {
        return CompletableFuture.supplyAsync(() -> of(arguments), task -> new Thread(task, arguments[0]).start());
    }

    void assertSuccess() {
        assertEquals(0, status, toString());
        assertEquals("", err);
    }

    void assertFailure(int expectedStatus, String line) {
        assertEquals(expectedStatus, status, toString());
        assertEquals("demos: " + line + System.lineSeparator(), err);
    }

    void assertPrinted(String text) {
        assertTrue(out.contains(text), toString());
        assertFalse(out.contains("\tat "), toString());
    }
}

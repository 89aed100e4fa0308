/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machframe.viewer.command.Program;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewerCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theHelpTellsTheArguments() {
        assertEquals(0, run("--help"));
        for (String part :
                new String[] {"Usage: machframe-viewer", "NAME", "--exit-at-end", "--snapshot", "2   wrong"}) {
            assertTrue(out.toString().contains(part), out.toString());
        }
    }

    @Test
    void theVersionIsTold() {
        assertEquals(0, run("--version"));
        assertTrue(out.toString().startsWith("Machframe "), out.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "--snapshto=x.png, there is no option '--snapshto'; did you mean --snapshot?",
        "--snapshot, '--snapshot needs a value, OUT'",
        "--snapshot=nowhere/x.png, --snapshot: there is no directory for 'nowhere/x.png'",
        "'', a stream's name is not empty",
    })
    void whatIsNotUnderstoodIsNamed(String argument, String problem) {
        assertEquals(2, run(argument));
        assertEquals(
                "viewer: " + problem + " (machframe-viewer --help tells more)" + System.lineSeparator(),
                err.toString());
    }

    @Test
    void onlyOneNameIsTaken() {
        assertEquals(2, run("one", "two"));
        assertTrue(err.toString().startsWith("viewer: 'two' is one argument too many"), err.toString());
    }

    private int run(String... arguments) {
        return new Program("viewer", new ViewerCommand(), e -> "")
                .run(new PrintWriter(out), new PrintWriter(err), arguments);
    }
}

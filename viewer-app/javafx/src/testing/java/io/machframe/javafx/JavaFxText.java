/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import javafx.scene.text.Text;

/** Whether JavaFX can draw text, for which it needs Pango and a font on Linux, also when it draws in memory only. */
public final class JavaFxText {
    /** The condition of a test that draws text. */
    public static final String IS_THERE = "io.machframe.javafx.JavaFxText#isThere";

    /** Why it is skipped. */
    public static final String MISSING = "JAVAFX_TEXT: JavaFX finds no libpango or no font";

    private JavaFxText() {}

    static boolean isThere() {
        PrintStream errors = System.err;
        // JavaFX tells in a stack trace what the reason for skipping tells in a line.
        System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            return new Text("text").getLayoutBounds().getWidth() > 0;
        } catch (RuntimeException | LinkageError e) {
            return false;
        } finally {
            System.setErr(errors);
        }
    }
}

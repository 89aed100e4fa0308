/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.view;

/** Whether a window can be opened here. */
public final class Display {
    private Display() {}

    /** Returns whether there is a display. On Linux, JavaFX needs an X server. */
    public static boolean isThere() {
        String display = System.getenv("DISPLAY");
        boolean linux = System.getProperty("os.name").startsWith("Linux");
        return !linux || (display != null && !display.isEmpty());
    }
}

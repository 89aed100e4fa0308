/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform;

/** Says why native code cannot be loaded, and what to do about it. */
final class NativeCode {
    private NativeCode() {}

    /** Returns one line. */
    static String explain(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        boolean denied = message.contains("native access") || message.contains("restricted");
        return "native code cannot be loaded: "
                + message.lines().findFirst().orElse("")
                + (denied
                        ? " (allow it by --enable-native-access=ALL-UNNAMED, on the module path com.sun.jna)"
                        : " (JNA needs a folder that can be written and executed from: name one by -Djna.tmpdir=FOLDER)");
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

/** A processor architecture of macOS, under its name in the ABI table. */
public enum Arch {
    ARM64("arm64"),
    X86_64("x86_64");

    private final String label;

    Arch(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Returns the architecture this JVM runs on. */
    public static Arch ofThisJvm() {
        return System.getProperty("os.arch", "").equals("aarch64") ? ARM64 : X86_64;
    }
}

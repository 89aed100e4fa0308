/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos;

/** The entry of all demos: prints how they are called. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.out.println("Usage: demos/run <demo> [options]");
    }
}

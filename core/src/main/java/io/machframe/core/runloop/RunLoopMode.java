/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.runloop;

/**
 * The name of a mode, {@code CFRunLoopMode}: what a loop waits for while it runs is what was added to the mode it runs
 * in. Any name will do; a mode is there as soon as something is added to it.
 *
 * @param name compared by its text
 */
public record RunLoopMode(String name) {
    /** The mode of ordinary work, {@code kCFRunLoopDefaultMode}. */
    public static final RunLoopMode DEFAULT = new RunLoopMode("kCFRunLoopDefaultMode");

    /**
     * Stands for all modes that are {@linkplain RunLoop#addCommonMode common} in a loop, {@code kCFRunLoopCommonModes}.
     * Things are added to it; a loop cannot run in it.
     */
    public static final RunLoopMode COMMON = new RunLoopMode("kCFRunLoopCommonModes");

    @Override
    public String toString() {
        return name;
    }
}

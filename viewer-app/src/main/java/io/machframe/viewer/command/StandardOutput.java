/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.command;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers why it was lost: Java's own only remembers that. */
final class StandardOutput extends FilterOutputStream {
    private volatile @Nullable IOException failure;

    private StandardOutput() {
        super(new FileOutputStream(FileDescriptor.out));
    }

    /** Makes one and lets {@code System.out} print to it, as UTF-8. */
    static StandardOutput install() {
        StandardOutput output = new StandardOutput();
        System.setOut(new PrintStream(new BufferedOutputStream(output), true, StandardCharsets.UTF_8));
        return output;
    }

    @Override
    public void write(byte[] bytes, int start, int count) throws IOException {
        try {
            out.write(bytes, start, count);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    /** Returns why something that was printed did not get out, if so. */
    Optional<IOException> failure() {
        System.out.flush();
        return Optional.ofNullable(failure);
    }
}

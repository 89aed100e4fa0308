/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing.abi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The files of the resource folder {@code darwin-abi}. */
final class Resource {
    private Resource() {}

    static String text(String file) {
        String name = "/darwin-abi/" + file;
        try (InputStream stream = Resource.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

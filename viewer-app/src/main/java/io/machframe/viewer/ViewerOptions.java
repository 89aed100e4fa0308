/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What the user asked for on the command line.
 *
 * @param name the stream to show from the start
 * @param exitAtEnd whether to close when that stream ends
 * @param snapshot where to leave a PNG of the window when it closes
 */
record ViewerOptions(Optional<String> name, boolean exitAtEnd, Optional<Path> snapshot) {
    static final String USAGE =
            """
            Usage: viewer [--name NAME] [--exit-at-end] [--snapshot OUT.png]
            Shows the streams that are published on this machine.
              --name NAME         show this stream from the start
              --exit-at-end       close when the chosen stream ends
              --snapshot OUT.png  leave a picture of the window when it closes
              --help              show this help
            """;

    /**
     * Reads the arguments of the command line.
     *
     * @throws IllegalArgumentException with a message for the user if they cannot be understood
     */
    static ViewerOptions parse(List<String> arguments) {
        Optional<String> name = Optional.empty();
        Optional<Path> snapshot = Optional.empty();
        boolean exitAtEnd = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--name" -> name = Optional.of(valueOf(option, rest));
                case "--snapshot" -> snapshot = Optional.of(Path.of(valueOf(option, rest)));
                case "--exit-at-end" -> exitAtEnd = true;
                default -> throw new IllegalArgumentException("unknown argument '" + option + "'");
            }
        }
        snapshot.ifPresent(ViewerOptions::requireFolder);
        return new ViewerOptions(name, exitAtEnd, snapshot);
    }

    /** Better known now than when the window closes. */
    private static void requireFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IllegalArgumentException("there is no folder for '" + file + "'");
        }
    }

    private static String valueOf(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return rest.next();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.UnknownServiceException;
import java.nio.charset.StandardCharsets;

/** How the name of a stream becomes that of a service. */
final class StreamName {
    static final int MAX_BYTES = 100;

    private static final String JAR = ".jar";
    private static final String PREFIX = "io.machframe.stream.";

    private StreamName() {}

    /** Returns the service name. Throws {@link IllegalArgumentException} that names what is wrong with the stream's. */
    static String service(String stream) {
        require("a stream name", stream.isEmpty() ? "has 0 bytes" : problem(stream));
        return PREFIX + stream;
    }

    /** Throws {@link IllegalArgumentException} if an application cannot be called so. */
    static void requireApplication(String name) {
        require("the name of an application", problem(name));
    }

    static boolean isPossible(String stream) {
        return problem(stream).isEmpty();
    }

    /** Returns the error of a service that is not there, in terms of streams. */
    static UnknownServiceException unknown(UnknownServiceException e, String stream) {
        return new UnknownServiceException(e.call(), e.reason(), "no stream named \"" + stream + "\" is published");
    }

    private static void require(String what, String problem) {
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException(
                    what + " has 1 to " + MAX_BYTES + " bytes of UTF-8 and no control characters; this one " + problem);
        }
    }

    private static String problem(String name) {
        int size = name.getBytes(StandardCharsets.UTF_8).length;
        if (size > MAX_BYTES) {
            return "has " + size + " bytes";
        }
        return name.chars().anyMatch(Character::isISOControl) ? "has control characters" : "";
    }

    /** Returns the name of this process's program: its jar or main class, if it is a Java program that does not say otherwise. */
    static String ownApplication() {
        String command = System.getProperty("sun.java.command", "").split(" ", 2)[0];
        String file = command.substring(command.lastIndexOf('/') + 1);
        boolean jar = file.endsWith(JAR);
        String name = jar ? file.substring(0, file.length() - JAR.length()) : file.substring(file.lastIndexOf('.') + 1);
        return name.isEmpty() || !problem(name).isEmpty() ? "java" : name;
    }
}

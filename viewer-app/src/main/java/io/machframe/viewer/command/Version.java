/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: what a bug report has to name. */
public final class Version implements IVersionProvider {
    /** Called by picocli. */
    public Version() {}

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {
            "Machframe " + number(),
            property("java.vm.name") + " " + property("java.vm.version"),
            property("os.name") + " " + property("os.version") + " " + property("os.arch")
        };
    }

    static String number() throws IOException {
        Properties properties = new Properties();
        try (InputStream resource = Version.class.getResourceAsStream("/META-INF/machframe.properties")) {
            if (resource == null) {
                throw new IOException("META-INF/machframe.properties is missing");
            }
            properties.load(resource);
        }
        return properties.getProperty("version");
    }

    private static String property(String name) {
        return System.getProperty(name);
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.platform.LiveFiles;
import io.machframe.core.platform.Platform;
import io.machframe.surface.format.PixelFormat;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The file that describes one stream. It counts until it is closed or its process ends ({@link LiveFiles}). */
final class StreamListing implements AutoCloseable {
    static final String SUFFIX = ".stream";

    private static final String DIRECTORY = "streams";

    private final LiveFiles files;
    private final LiveFiles.Entry entry;

    private StreamListing(LiveFiles files, LiveFiles.Entry entry) {
        this.files = files;
        this.entry = entry;
    }

    /** Lists a stream whose name this process holds. */
    static StreamListing open(StreamDescription stream) throws MachException {
        try {
            LiveFiles files = files();
            try {
                files.read(); // which removes what killed processes left
                return new StreamListing(files, files.create(bytes(stream)));
            } catch (MachException | RuntimeException | Error e) {
                files.close();
                throw e;
            }
        } catch (MachException e) {
            String message = "the stream \"" + stream.name() + "\" cannot be listed: " + e.getMessage();
            throw new MachException("open", e.reason(), message);
        }
    }

    /** Lists the stream as something else from now on. */
    void replace(StreamDescription stream) throws MachException {
        entry.replace(bytes(stream));
    }

    /** Returns what all listed streams are. */
    static List<StreamDescription> readAll() throws MachException {
        try (LiveFiles files = files()) {
            return readAll(files);
        }
    }

    private static List<StreamDescription> readAll(LiveFiles files) {
        List<StreamDescription> streams = new ArrayList<>();
        for (byte[] content : files.read()) {
            try {
                streams.add(description(new String(content, StandardCharsets.UTF_8)));
            } catch (IOException | IllegalArgumentException notOurs) {
                // Another program's file.
            }
        }
        return streams;
    }

    /** Returns what all listed streams are, by name. */
    static Map<String, StreamDescription> byName(LiveFiles files) {
        Map<String, StreamDescription> streams = new TreeMap<>();
        readAll(files).forEach(stream -> streams.put(stream.name(), stream));
        return streams;
    }

    private static byte[] bytes(StreamDescription stream) {
        return text(stream).getBytes(StandardCharsets.UTF_8);
    }

    static LiveFiles files() throws MachException {
        Platform.require("open");
        return Platform.current().bootstrap().openFiles(DIRECTORY, SUFFIX);
    }

    private static String text(StreamDescription stream) {
        Properties properties = new Properties();
        properties.setProperty("name", stream.name());
        properties.setProperty("application", stream.application());
        properties.setProperty("pid", Long.toString(stream.pid()));
        properties.setProperty("width", Integer.toString(stream.format().width()));
        properties.setProperty("height", Integer.toString(stream.format().height()));
        properties.setProperty("format", stream.format().pixelFormat().toString());
        StringWriter text = new StringWriter();
        try {
            properties.store(text, null);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static StreamDescription description(String text) throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(text));
        FrameFormat format = FrameFormat.of(
                Integer.parseInt(properties.getProperty("width", "")),
                Integer.parseInt(properties.getProperty("height", "")),
                PixelFormat.parse(properties.getProperty("format", "")));
        String name = properties.getProperty("name", "");
        StreamName.service(name);
        String application = properties.getProperty("application", "");
        StreamName.requireApplication(application);
        return new StreamDescription(name, application, Long.parseLong(properties.getProperty("pid", "")), format);
    }

    /** Takes the stream off the list. */
    @Override
    public void close() {
        entry.close();
        files.close();
    }
}

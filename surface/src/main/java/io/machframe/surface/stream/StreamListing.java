/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.surface.format.PixelFormat;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The file that tells of one stream. It counts as long as its writer holds it locked, which ends with the process.
 *
 * <p>Its name is never used again. So who finds it unlocked knows that its writer is gone for good and may remove it,
 * whatever happens to the stream's name meanwhile.
 */
final class StreamListing implements AutoCloseable {
    static final String SUFFIX = ".stream";

    private static final int MAX_SIZE = 4096;

    /** An empty file may be about to be locked; for how long that is believed. */
    private static final Duration YOUTH = Duration.ofMinutes(1);

    /**
     * What this process lists itself. Its files must not be opened here: a lock of this kind is the process's, and goes
     * when any of its descriptors of the file is closed.
     */
    private static final Map<Path, StreamDescription> OWN = new ConcurrentHashMap<>();

    private final Path file;
    private final FileChannel channel;

    private StreamListing(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Lists a stream whose name this process holds. */
    static StreamListing open(String name, FrameFormat format) throws MachException {
        Path directory = StreamDirectory.path();
        Path file = directory.resolve(UUID.randomUUID() + SUFFIX);
        StreamDescription description =
                new StreamDescription(name, ProcessHandle.current().pid(), format);
        OWN.put(file, description);
        try {
            StreamDirectory.create();
            StreamDirectory.list(); // which removes what killed processes left
            return new StreamListing(file, Uninterrupted.call(() -> write(file, text(description))));
        } catch (IOException e) {
            OWN.remove(file);
            throw new MachException(
                    "open",
                    new KernReturn(KernReturn.KERN_FAILURE),
                    "the stream \"" + name + "\" cannot be listed in " + directory + ": " + e);
        }
    }

    private static FileChannel write(Path file, String text) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            channel.lock();
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /**
     * Returns what a file tells, or nothing if its writer is gone; such a file is removed. One thread at a time, because
     * a process cannot try a lock twice at once.
     */
    static Optional<StreamDescription> read(Path file) {
        try {
            return Uninterrupted.call(() -> readLocked(file));
        } catch (IOException | IllegalArgumentException endedMeanwhileOrNotOurs) {
            return Optional.empty();
        }
    }

    private static synchronized Optional<StreamDescription> readLocked(Path file) throws IOException {
        StreamDescription own = OWN.get(file);
        if (own != null) {
            return Optional.of(own);
        }
        // A pipe of that name would keep us waiting.
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            // Shared, so that two processes which try at once do not take each other for the writer.
            if (channel.tryLock(0, Long.MAX_VALUE, true) != null) {
                removeAbandoned(file, channel);
                return Optional.empty();
            }
            ByteBuffer bytes = ByteBuffer.allocate(MAX_SIZE);
            channel.read(bytes);
            return Optional.of(description(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)));
        }
    }

    private static void removeAbandoned(Path file, FileChannel channel) throws IOException {
        Instant young = Instant.now().minus(YOUTH);
        if (channel.size() > 0 || Files.getLastModifiedTime(file).toInstant().isBefore(young)) {
            Files.deleteIfExists(file);
        }
    }

    private static String text(StreamDescription stream) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("name", stream.name());
        properties.setProperty("pid", Long.toString(stream.pid()));
        properties.setProperty("width", Integer.toString(stream.format().width()));
        properties.setProperty("height", Integer.toString(stream.format().height()));
        properties.setProperty("format", stream.format().pixelFormat().toString());
        StringWriter text = new StringWriter();
        properties.store(text, null);
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
        return new StreamDescription(name, Long.parseLong(properties.getProperty("pid", "")), format);
    }

    /** Takes the stream off the list. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
            channel.close();
        } catch (IOException e) {
            System.getLogger(StreamListing.class.getName())
                    .log(System.Logger.Level.WARNING, "the listing " + file + " could not be removed", e);
        } finally {
            OWN.remove(file);
        }
    }
}

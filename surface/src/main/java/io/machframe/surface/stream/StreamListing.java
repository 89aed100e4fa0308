/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.surface.PixelFormat;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The file that tells of one stream. It counts as long as its writer holds it locked, which ends with the process. */
final class StreamListing implements AutoCloseable {
    static final String SUFFIX = ".stream";

    private static final int MAX_SIZE = 4096;

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
        StreamDescription description =
                new StreamDescription(name, ProcessHandle.current().pid(), format);
        Path directory = StreamDirectory.path();
        Path file = directory.resolve(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)) + SUFFIX);
        Path draft = directory.resolve(UUID.randomUUID() + ".draft");
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try {
                channel.lock();
                channel.write(ByteBuffer.wrap(text(description).getBytes(StandardCharsets.UTF_8)));
                OWN.put(file, description);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException | RuntimeException e) {
                OWN.remove(file);
                channel.close();
                Files.deleteIfExists(draft);
                throw e;
            }
            return new StreamListing(file, channel);
        } catch (IOException e) {
            throw new MachException(
                    "open",
                    new KernReturn(KernReturn.KERN_FAILURE),
                    "the stream \"" + name + "\" cannot be listed in " + directory + ": " + e.getMessage());
        }
    }

    /** Returns what a file tells, or nothing if its writer is gone; such a file is removed. */
    static Optional<StreamDescription> read(Path file) {
        StreamDescription own = OWN.get(file);
        if (own != null) {
            return Optional.of(own);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(MAX_SIZE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                Files.deleteIfExists(file);
                return Optional.empty();
            }
            channel.read(bytes);
            return Optional.of(description(new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)));
        } catch (NoSuchFileException endedMeanwhile) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException notOurs) {
            return Optional.empty();
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
        return new StreamDescription(
                properties.getProperty("name", ""), Long.parseLong(properties.getProperty("pid", "")), format);
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

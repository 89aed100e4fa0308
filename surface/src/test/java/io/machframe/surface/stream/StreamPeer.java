/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.core.testing.ChildProcess;
import io.machframe.core.testing.ProcessResources;
import io.machframe.surface.LockOption;
import io.machframe.surface.SurfaceLock;
import io.machframe.surface.format.PixelFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Another process that publishes and receives frames of {@link FramePattern} as it is told, a line for each command, and
 * answers each with a line. The commands are the methods of {@link Main}'s switch.
 */
public final class StreamPeer implements AutoCloseable {
    private final ChildProcess process;

    private StreamPeer(ChildProcess process) {
        this.process = process;
    }

    public static StreamPeer start() throws IOException {
        return start(List.of());
    }

    /** Starts it under another program, such as {@code env NAME=VALUE}. */
    public static StreamPeer start(List<String> prefix) throws IOException {
        return new StreamPeer(ChildProcess.start(prefix, Main.class));
    }

    public String ask(String command) throws IOException {
        send(command);
        return answer();
    }

    public String open(String name, FrameFormat format) throws IOException {
        return ask("open " + name + " " + format.width() + " " + format.height() + " " + format.pixelFormat());
    }

    /** Gives a command whose {@link #answer} is read later. */
    public void send(String command) throws IOException {
        process.writeLine(command);
    }

    public String answer() throws IOException {
        return process.readLine();
    }

    public long pid() {
        return process.pid();
    }

    public void kill() {
        process.kill();
    }

    /** Waits until it has ended by itself. */
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /** Sends it a signal: STOP or CONT. */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    }

    @Override
    public void close() {
        process.close();
    }

    /** What runs in the process. */
    static final class Main {
        private static final Duration PATIENCE = Duration.ofSeconds(60);
        private static final Duration LIFE = Duration.ofMinutes(4);

        private @Nullable FrameServer server;
        private @Nullable FrameClient client;
        private final Deque<Frame> held = new ArrayDeque<>();
        private final List<FrameClient> sleepers = new ArrayList<>();
        private @Nullable Thread publishing;
        private volatile boolean streaming;
        private long sequence;
        private @Nullable StreamWatch watch;
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        private Main() {}

        public static void main(String[] arguments) throws IOException {
            endLater();
            Main main = new Main();
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(main.answer(line));
            }
        }

        /** A test that went wrong must not leave this process behind. */
        private static void endLater() {
            Thread watchdog = new Thread(() -> {
                try {
                    Thread.sleep(LIFE.toMillis());
                } catch (InterruptedException e) {
                    return;
                }
                Runtime.getRuntime().halt(3);
            });
            watchdog.setDaemon(true);
            watchdog.start();
        }

        private String answer(String line) {
            try {
                return obey(new Scanner(line).useLocale(Locale.ROOT));
            } catch (IOException | RuntimeException | InterruptedException e) {
                return e.getClass().getSimpleName() + ": " + e.getMessage();
            }
        }

        private String obey(Scanner words) throws IOException, InterruptedException {
            String command = words.next();
            switch (command) {
                case "open" -> {
                    server = FrameServer.open(
                            words.next(),
                            FrameFormat.of(words.nextInt(), words.nextInt(), PixelFormat.parse(words.next())));
                    sequence = 0;
                }
                case "publish" -> publish(words.nextInt());
                case "stream" -> startStream();
                case "stop" -> {
                    stopStream();
                    return server().statistics().published() + " published, "
                            + server().statistics().surfaces() + " surfaces";
                }
                case "shut" -> server().close();
                case "connect" ->
                    client = FrameClient.builder(words.next()).timeout(PATIENCE).connect();
                case "hoard" ->
                    client = FrameClient.builder(words.next())
                            .maxAcquired(words.nextInt())
                            .timeout(PATIENCE)
                            .connect();
                case "sleepers" -> sleepers(words.next(), words.nextInt());
                case "slept" -> slept(words.nextInt());
                case "check" -> {
                    return check(words.nextInt(), words.nextInt());
                }
                case "drain" -> {
                    return drain();
                }
                case "take" -> {
                    held.addFirst(received());
                    return "took " + held().sequence();
                }
                case "tell" -> {
                    return Boolean.toString(client().tryTell(new ClientWishes(
                            words.nextDouble(),
                            words.nextDouble(),
                            words.nextInt(),
                            words.nextInt(),
                            words.nextBoolean(),
                            words.nextBoolean())));
                }
                case "able" ->
                    client = FrameClient.builder(words.next())
                            .capabilities(new ClientCapabilities(
                                    words.nextLong(),
                                    words.nextBoolean(),
                                    words.tokens().map(PixelFormat::parse).toList()))
                            .timeout(PATIENCE)
                            .connect();
                case "server" -> {
                    return client().server().toString();
                }
                case "follow" ->
                    client = FrameClient.builder(words.next()).timeout(PATIENCE).follow();
                case "state" -> {
                    return client().state() + " " + client().statistics().connections();
                }
                case "next" -> {
                    try (Frame frame = received()) {
                        return frame.sequence() + problem(frame);
                    }
                }
                case "watch" -> watch = StreamDirectory.watch(ForkJoinPool.commonPool(), new Recorder());
                case "unwatch" -> Objects.requireNonNull(watch).close();
                case "event" -> {
                    return Objects.requireNonNull(events.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), "no event");
                }
                case "reshape" ->
                    server().format(FrameFormat.of(
                            words.nextInt(), words.nextInt(), server().format().pixelFormat()));
                case "id" -> {
                    return Integer.toString(held().surface().id());
                }
                case "peek" -> {
                    try (SurfaceLock lock = held().surface().lock(LockOption.READ_ONLY)) {
                        return Byte.toString(lock.plane(0).bytes().get(words.nextInt()));
                    }
                }
                case "poke" -> {
                    try (SurfaceLock lock = held().surface().lock()) {
                        lock.plane(0).bytes().put(words.nextInt(), words.nextByte());
                    }
                }
                case "look" -> {
                    return "good" + problem(held());
                }
                case "release" -> held.removeFirst().close();
                case "leave" -> client().close();
                case "resources" -> {
                    // In this order, because reading a file takes the JVM a socket, once.
                    return ProcessResources.mappings("machframe-surface") + " mappings, " + SharedDescriptors.count()
                            + " descriptors";
                }
                case "list" -> {
                    return StreamDirectory.list().stream()
                            .map(listed -> listed.name() + "=" + listed.pid())
                            .collect(Collectors.joining(" "));
                }
                case "threads" -> inThreads(words.nextLine());
                case "flicker" -> flicker(words.next(), words.nextInt());
                case "find" -> find(words.next(), words.nextInt());
                default -> throw new IllegalArgumentException(command);
            }
            return "done";
        }

        /** Keeps what is told of streams. */
        private final class Recorder implements StreamListener {
            @Override
            public void appeared(StreamDescription stream) {
                events.add("appeared " + stream.name() + " " + stream.pid());
            }

            @Override
            public void changed(StreamDescription before, StreamDescription now) {
                events.add("changed " + now.name() + " " + before.format() + " to " + now.format());
            }

            @Override
            public void gone(StreamDescription stream) {
                events.add("gone " + stream.name());
            }

            @Override
            public void failed(MachException reason) {
                events.add("failed " + reason.getMessage());
            }
        }

        private Frame received() throws IOException, InterruptedException {
            Frame frame = client().tryReceive(PATIENCE);
            if (frame == null && client().state() == ClientState.WAITING) {
                frame = client().tryReceive(PATIENCE); // of the next stream of that name
            }
            return Objects.requireNonNull(frame, () -> "ended: " + client().end());
        }

        private void publish(int count) throws IOException, InterruptedException {
            for (int i = 0; i < count; i++) {
                publishOne();
            }
        }

        /** Now and then something is drawn and not published. */
        private void publishOne() throws IOException, InterruptedException {
            try (FrameDraft draft = server().acquire()) {
                FramePattern.draw(draft.surface(), sequence % 5 == 4 ? -sequence : sequence);
                if (sequence % 5 != 4) {
                    draft.publish(sequence);
                    sequence++;
                    return;
                }
            }
            try (FrameDraft draft = server().acquire()) {
                FramePattern.draw(draft.surface(), sequence);
                draft.publish(sequence);
                sequence++;
            }
        }

        private void startStream() {
            streaming = true;
            publishing = new Thread(() -> {
                try {
                    while (streaming) {
                        publishOne();
                    }
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            publishing.start();
        }

        private void stopStream() throws InterruptedException {
            streaming = false;
            Objects.requireNonNull(publishing).join();
        }

        /** Receives frames, and looks at every byte of each twice: when it comes and before it is given back. */
        private String check(int count, int pauseMillis) throws IOException, InterruptedException {
            for (int i = 0; i < count; i++) {
                try (Frame frame = received()) {
                    String problem = problem(frame);
                    Thread.sleep(pauseMillis);
                    problem += problem(frame);
                    if (!problem.isEmpty()) {
                        return problem;
                    }
                }
            }
            return "good";
        }

        /** Receives until the stream ends, and tells how it did. */
        private String drain() throws IOException, InterruptedException {
            while (true) {
                try (Frame frame = client().tryReceive(PATIENCE)) {
                    Optional<StreamEnd> end = client().end();
                    if (end.isPresent()) {
                        return end.get().toString();
                    }
                    String problem = problem(Objects.requireNonNull(frame));
                    if (!problem.isEmpty()) {
                        return problem;
                    }
                }
            }
        }

        private static String problem(Frame frame) {
            return frame.timestampNanos() == frame.sequence()
                    ? FramePattern.problem(frame.surface(), frame.sequence())
                    : "frame " + frame.sequence() + " has the time of " + frame.timestampNanos();
        }

        /** Does one thing in several threads at once. */
        private void inThreads(String command) throws IOException {
            List<CompletableFuture<String>> answers = Stream.generate(() ->
                            CompletableFuture.supplyAsync(() -> answer(command), task -> new Thread(task).start()))
                    .limit(4)
                    .toList();
            for (CompletableFuture<String> answer : answers) {
                if (!answer.join().equals("done")) {
                    throw new IOException(answer.join());
                }
            }
        }

        /** Clients with a thread each, which sleeps until a frame comes. */
        private void sleepers(String name, int count) throws IOException, InterruptedException {
            for (int i = 0; i < count; i++) {
                FrameClient sleeper = FrameClient.builder(name)
                        .timeout(PATIENCE)
                        .delivery(Delivery.queue(8))
                        .connect();
                sleepers.add(sleeper);
                Thread thread = new Thread(() -> sleep(sleeper), "sleeper");
                thread.setDaemon(true);
                thread.start();
            }
        }

        private static void sleep(FrameClient sleeper) {
            try {
                while (sleeper.end().isEmpty()) {
                    Frame frame = sleeper.receive();
                    if (frame != null) {
                        frame.close();
                    }
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Waits until all that sleep got so many frames. */
        private void slept(long frames) throws InterruptedException {
            TestFrames.await(() ->
                    sleepers.stream().allMatch(sleeper -> sleeper.statistics().received() == frames));
        }

        /** Opens and closes a stream. */
        private static void flicker(String name, int times) throws IOException {
            for (int i = 0; i < times; i++) {
                FrameServer.open(name, FrameFormat.of(8, 8, PixelFormat.BGRA)).close();
            }
        }

        /** Lists streams, of which one is there all the time. */
        private static void find(String name, int times) throws IOException {
            for (int i = 0; i < times; i++) {
                long found = StreamDirectory.list().stream()
                        .filter(listed -> listed.name().equals(name))
                        .count();
                if (found != 1) {
                    throw new IllegalStateException(name + " is listed " + found + " times");
                }
            }
        }

        private FrameServer server() {
            return Objects.requireNonNull(server);
        }

        private FrameClient client() {
            return Objects.requireNonNull(client);
        }

        private Frame held() {
            return held.getFirst();
        }
    }
}

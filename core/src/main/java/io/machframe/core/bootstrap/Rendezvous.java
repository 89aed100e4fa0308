/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.bootstrap;

import io.machframe.core.error.InvalidMessageException;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.PortClosedException;
import io.machframe.core.message.DescriptorKind;
import io.machframe.core.message.OutgoingMessage;
import io.machframe.core.message.ReceivedMessage;
import io.machframe.core.message.RequestPort;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendOnceRight;
import io.machframe.core.port.SendRight;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Hands a message, with rights in it, to a child process that is being started: its first rights, without a name that
 * others could take.
 *
 * <p>The parent offers it under a random name that only lives until it is claimed, and tells the child by the environment
 * variable {@value #VARIABLE}. Nothing depends on the name being secret: the message is given once, and only to the
 * process that was started, as the kernel tells by the claim's sender; and the child takes it from no other process than
 * the one that started it. So a program that starts the child for somebody else, such as a shell script, hands nothing on
 * unless it becomes the child by {@code exec}. Both have to be in one pid namespace.
 *
 * <p>An offer that is not claimed is withdrawn when the child ends or the rendezvous is closed. For any thread.
 */
public final class Rendezvous implements AutoCloseable {
    /** The environment variable that tells a child where to claim: the parent's pid, a colon and the name. */
    public static final String VARIABLE = "MACHFRAME_RENDEZVOUS";

    private static final int NAME_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ReceiveRight port;
    private final OutgoingMessage offer;
    private final Process child;
    private final Thread server;
    private volatile boolean claimed;

    private Rendezvous(ReceiveRight port, OutgoingMessage offer, Process child) {
        this.port = port;
        this.offer = offer;
        this.child = child;
        this.server = new Thread(this::serve, "machframe-rendezvous-" + child.pid());
    }

    /**
     * Starts a child and offers it a message.
     *
     * @param builder how to start it; the variable is set for this child alone
     * @param offer what it can claim; taken over, also if the start fails
     * @throws IOException if the child cannot be started, or a name cannot be taken
     */
    public static Rendezvous start(ProcessBuilder builder, OutgoingMessage offer) throws IOException {
        ReceiveRight port = null;
        Rendezvous rendezvous = null;
        try {
            String name = newName();
            port = Bootstrap.checkIn(name);
            rendezvous = new Rendezvous(port, offer, start(builder, name));
        } finally {
            if (rendezvous == null) {
                close(port);
                offer.close();
            }
        }
        rendezvous.begin();
        return rendezvous;
    }

    private static void close(@Nullable ReceiveRight port) {
        if (port != null) {
            port.close();
        }
    }

    private static String newName() {
        byte[] random = new byte[NAME_BYTES];
        RANDOM.nextBytes(random);
        return "machframe.rendezvous." + HexFormat.of().formatHex(random);
    }

    private static Process start(ProcessBuilder builder, String name) throws IOException {
        builder.environment().put(VARIABLE, ProcessHandle.current().pid() + ":" + name);
        try {
            return builder.start();
        } finally {
            builder.environment().remove(VARIABLE);
        }
    }

    private void begin() {
        server.setDaemon(true);
        try {
            server.start();
        } catch (OutOfMemoryError noThread) {
            port.close();
            offer.close();
            child.destroyForcibly(); // nobody else knows it
            throw noThread;
        }
        CompletableFuture<Void> unused = child.onExit().thenRun(this::close);
    }

    /** Answers claims until one is the child's or there is nothing left to claim. */
    private void serve() {
        try (offer) {
            while (!claimed) {
                serveOne();
            }
        } catch (PortClosedException | IllegalStateException | InterruptedException withdrawn) {
            // The offer is closed with this block.
        } catch (MachException e) {
            System.getLogger(Rendezvous.class.getName())
                    .log(System.Logger.Level.WARNING, "the rights offered to process " + child.pid() + " are lost", e);
        } finally {
            port.close();
        }
    }

    private void serveOne() throws MachException, InterruptedException {
        try (ReceivedMessage claim = ReceivedMessage.receiveFrom(port)) {
            // A pid is not given to another process as long as the child is not reaped, and then it is not alive.
            boolean rightful = claim.sender().pid() == child.pid() && child.isAlive();
            if (rightful && claim.replyKind() == DescriptorKind.SEND_ONCE) {
                claimed = true;
                port.close(); // so that nobody waits for an answer that will not come
                // If the offer can no longer be sent the end of the reply right says so to the child.
                try (SendOnceRight reply = claim.takeReplyOnce()) {
                    offer.sendTo(reply);
                }
            }
        } catch (InvalidMessageException e) {
            // Not from our child's library; its sender is told by the loss of its reply right.
        }
    }

    /** Returns the child. */
    public Process process() {
        return child;
    }

    /** Returns whether the child claimed the message. */
    public boolean isClaimed() {
        return claimed;
    }

    /** Withdraws the offer, if it was not claimed; the child goes on. Closing again does nothing. */
    @Override
    public void close() {
        port.close();
        boolean interrupted = false;
        while (server.isAlive()) {
            try {
                server.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * In the child: claims the message that the parent offers.
     *
     * @param limit how long the parent may take to answer
     * @return the message, the caller's to close
     * @throws IllegalStateException if this process was not started by {@link #start}
     * @throws io.machframe.core.error.UnknownServiceException if it was claimed or withdrawn
     * @throws io.machframe.core.error.NoReplyException if it is offered to another process
     * @throws MachException {@code MACH_RCV_TIMED_OUT} if the parent does not answer in time
     */
    public static ReceivedMessage claim(Duration limit) throws MachException, InterruptedException {
        String variable = System.getenv(VARIABLE);
        int colon = variable == null ? -1 : variable.indexOf(':');
        if (variable == null || !variable.matches("[0-9]{1,9}:.+")) {
            throw new IllegalStateException("no parent offers this process a rendezvous: " + VARIABLE + " is "
                    + (variable == null ? "not set" : variable));
        }
        return claim(Integer.parseInt(variable.substring(0, colon)), variable.substring(colon + 1), limit);
    }

    private static ReceivedMessage claim(int parent, String name, Duration limit)
            throws MachException, InterruptedException {
        try (SendRight right = Bootstrap.lookUp(name, limit);
                RequestPort port = RequestPort.open()) {
            ReceivedMessage offer = port.tryRequest(right, OutgoingMessage.builder(), limit)
                    .orElseThrow(() -> new MachException("mach_msg", new KernReturn(KernReturn.MACH_RCV_TIMED_OUT)));
            int sender = offer.sender().pid();
            if (sender != parent) {
                offer.close();
                throw new InvalidMessageException("it came from process " + sender + ", not from the parent " + parent);
            }
            return offer;
        }
    }
}

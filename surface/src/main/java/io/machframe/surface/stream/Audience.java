/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.surface.stream.link.ClientLink;
import io.machframe.surface.stream.link.StreamPage;
import io.machframe.surface.stream.link.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The clients of a stream: what each is offered and holds, and how long they are waited for. Guarded by the state's lock. */
final class Audience {
    /** The most clients at a time, and of them in one process. */
    static final int MAX_CLIENTS = 256;

    static final int MAX_CLIENTS_OF_PROCESS = 64;

    private static final System.Logger LOG = System.getLogger(FrameServer.class.getName());

    private final StreamState state;
    private final Events events;
    private final List<ConnectedClient> clients = new ArrayList<>();
    private int lastId;
    private int waiters;
    private long reclaimed;

    /** How many clients are offered frames. */
    private int receivers;

    private volatile boolean hasReceivers;
    private volatile AudienceWishes wishes = AudienceWishes.NONE;

    Audience(StreamState state) {
        this.state = state;
        this.events = new Events(state.settings.executor());
    }

    /** Returns whether any client is offered frames. Needs no lock. */
    boolean hasReceivers() {
        return hasReceivers;
    }

    /** Returns what they want together. Needs no lock. */
    AudienceWishes wishes() {
        return wishes;
    }

    /** Makes out anew what they want together. */
    void fold() {
        AudienceWishes sum = AudienceWishes.NONE;
        for (ConnectedClient client : clients) {
            if (!client.left) {
                sum = sum.and(client.wishes, client.capabilities.needsCpuMemory());
            }
        }
        wishes = sum;
    }

    /** Ends the streams of those who do not take frames of a format. */
    void dismissUnsuited(FrameFormat format) {
        for (ConnectedClient client : clients) {
            if (!client.left && !client.capabilities.takes(format)) {
                end(client, StreamEnd.UNSUITABLE);
            }
        }
        state.page.raise();
        state.page.ring();
    }

    /** It keeps what waits for it, and what it holds. */
    private void end(ConnectedClient client, StreamEnd reason) {
        client.link.end(reason.code());
        dismiss(client);
        client.link.wake();
    }

    /** Returns what calls the publisher's listener. */
    Events events() {
        return events;
    }

    boolean isEmpty() {
        return clients.isEmpty();
    }

    long reclaimed() {
        return reclaimed;
    }

    List<StreamClient> describe() {
        return clients.stream()
                .filter(client -> !client.left)
                .map(ConnectedClient::describe)
                .toList();
    }

    @Nullable
    ConnectedClient find(ClientLink link) {
        for (ConnectedClient client : clients) {
            if (client.link == link) {
                return client;
            }
        }
        return null;
    }

    // What they hold.

    boolean holds(int slot) {
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i).link.holds(slot)) {
                return true;
            }
        }
        return false;
    }

    /** Returns how many surfaces they hold beyond a number that they may. */
    int heldBeyond(int share) {
        int held = 0;
        for (int slot = 0; slot < StreamPage.MAX_SLOTS; slot++) {
            if (holds(slot)) {
                held++;
            }
        }
        return Math.max(0, held - share);
    }

    /** There is no slot left: the client that holds most goes. Returns whether one held any. */
    boolean dismissGreediest() {
        ConnectedClient greediest = null;
        int most = 0;
        for (ConnectedClient client : clients) {
            int holdings = client.link.holdings();
            if (holdings > most) {
                most = holdings;
                greediest = client;
            }
        }
        if (greediest == null) {
            return false;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "{0} of \"{1}\" held {2} surfaces and is disconnected, because {3} are the most",
                greediest.link,
                state.name,
                most,
                StreamPage.MAX_SLOTS);
        forget(greediest, StreamEnd.REFUSED);
        return true;
    }

    // What they are offered.

    /** Offers a frame to all. Returns whether the bell is to be rung for those who sleep. */
    boolean offer(int slot) {
        boolean ring = false;
        for (int i = clients.size() - 1; i >= 0; i--) {
            ConnectedClient client = clients.get(i);
            if (!client.left) {
                settle(client, client.link.offer(slot, state.pool.serial(slot)));
                ring |= client.link.wake();
            }
        }
        state.page.raise();
        return ring;
    }

    private void settle(ConnectedClient client, ClientLink.Offer offer) {
        switch (offer) {
            case QUEUED -> {
                client.blocks = false;
                if (client.takesTooMuch()) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "{0} of \"{1}\" holds more than the {2} frames it may, and is disconnected",
                            client.link,
                            state.name,
                            client.link.terms().maxAcquired());
                    forget(client, StreamEnd.REFUSED);
                }
            }
            case REPLACED -> {}
            case FULL -> overflow(client);
            case VIOLATION -> {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "{0} of \"{1}\" broke the rules and is disconnected",
                        client.link,
                        state.name);
                forget(client, StreamEnd.REFUSED);
            }
        }
    }

    private void overflow(ConnectedClient client) {
        switch (client.link.terms().overflow()) {
            case Terms.BLOCK -> client.blocks = true;
            case Terms.DISCONNECT -> {
                client.dropped++;
                end(client, StreamEnd.TOO_SLOW);
            }
            default -> client.dropped++;
        }
    }

    /** Returns whether the publisher is to wait for a client before it goes on. */
    boolean blocks() {
        for (int i = 0; i < clients.size(); i++) {
            if (clients.get(i).blocks) {
                return true;
            }
        }
        return false;
    }

    /** Waits for the clients that may hold the publisher up, and drops the frame for those that take too long. */
    void awaitSpace(int slot) {
        long since = System.nanoTime();
        boolean interrupted = false;
        beginWaiting();
        try {
            long left = state.settings.mayBlockNanos();
            while (left > 0 && !interrupted && !state.closed) {
                left = offerAgain(slot, since);
                if (left > 0) {
                    try {
                        state.changed.awaitNanos(left);
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            }
            offerAgain(slot, since);
            for (ConnectedClient client : clients) {
                if (client.blocks) {
                    client.blocks = false;
                    client.dropped++;
                    client.timedOut++;
                }
            }
        } finally {
            endWaiting();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns how long the clients that have no space yet may still take. */
    private long offerAgain(int slot, long since) {
        long longest = 0;
        boolean ring = false;
        for (int i = clients.size() - 1; i >= 0; i--) {
            ConnectedClient client = clients.get(i);
            if (!client.blocks) {
                continue;
            }
            settle(client, client.link.offer(slot, state.pool.serial(slot)));
            if (client.blocks) {
                long most = Math.min(client.link.terms().timeoutNanos(), state.settings.mayBlockNanos());
                longest = Math.max(longest, Deadline.left(most, since));
            } else if (!client.left) {
                ring |= client.link.wake();
            }
        }
        state.page.raise();
        if (ring) {
            state.page.ring();
        }
        return longest;
    }

    /** From now on clients say when they take or release a frame. */
    void beginWaiting() {
        waiters++;
        for (int i = 0; i < clients.size(); i++) {
            clients.get(i).link.notifyOfProgress(true);
        }
    }

    void endWaiting() {
        waiters--;
        for (int i = 0; waiters == 0 && i < clients.size(); i++) {
            clients.get(i).link.notifyOfProgress(false);
        }
    }

    // Coming and going.

    /** Returns the number of a client that wants to join. Throws if there is no place for it. */
    int nextId(int pid) throws MachException {
        long ofProcess =
                clients.stream().filter(client -> client.link.pid() == pid).count();
        if (clients.size() >= MAX_CLIENTS || ofProcess >= MAX_CLIENTS_OF_PROCESS) {
            throw refusal("the stream \"" + state.name + "\" has " + clients.size() + " clients, " + ofProcess
                    + " of them in process " + pid + ", and no capacity for one more");
        }
        return ++lastId;
    }

    static MachException refusal(String why) {
        return new MachException("mach_msg", new KernReturn(KernReturn.KERN_RESOURCE_SHORTAGE), why);
    }

    /** From now on the client is offered each frame, and the newest at once. */
    void join(ConnectedClient client) {
        int newest = state.pool.newest();
        client.link.begin(
                newest < 0 ? state.published : state.page.record(newest).sequence());
        clients.add(client);
        count(1);
        if (waiters > 0) {
            client.link.notifyOfProgress(true);
        }
        if (newest >= 0) {
            client.link.offer(newest, state.pool.serial(newest));
        }
    }

    /** The client wants no more frames; it may hold some. */
    void leave(ConnectedClient client) {
        client.link.withdraw();
        dismiss(client);
    }

    /** The connection of a client is gone. */
    void remove(ConnectedClient client) {
        if (!client.left) {
            reclaimed += Math.max(0, client.link.holdings() - client.link.waiting());
        }
        forget(client, StreamEnd.ENDED);
    }

    /** Offers a client no more frames. */
    private void dismiss(ConnectedClient client) {
        client.left = true;
        client.blocks = false;
        count(-1);
        StreamClient described = client.describe();
        events.post(() -> state.settings.listener().left(described));
    }

    /** Ends a connection; nothing is held by it any more. */
    private void forget(ConnectedClient client, StreamEnd reason) {
        if (!client.left) {
            dismiss(client);
        }
        client.link.end(reason.code());
        clients.remove(client);
        client.link.close();
        state.changed.signalAll();
    }

    private void count(int more) {
        receivers += more;
        hasReceivers = receivers > 0;
        fold();
    }

    // The end.

    /** Says that no more frames come. */
    void announceEnd() {
        state.page.end(StreamEnd.ENDED.code());
        for (ConnectedClient client : clients) {
            client.link.wake();
        }
        state.page.raise();
        state.page.ring();
    }

    void noneReceives() {
        count(-receivers);
    }

    /** Waits until every client has its last frame, and the surface of it, or the time is over. */
    void awaitDelivery(long nanos) throws InterruptedException {
        long since = System.nanoTime();
        beginWaiting();
        try {
            long left = nanos;
            while (!state.closed
                    && left > 0
                    && !clients.stream().allMatch(client -> client.left || client.link.hasAll())) {
                state.changed.awaitNanos(Math.min(left, TimeUnit.DAYS.toNanos(1)));
                left = Deadline.left(nanos, since);
            }
        } finally {
            endWaiting();
        }
    }
}

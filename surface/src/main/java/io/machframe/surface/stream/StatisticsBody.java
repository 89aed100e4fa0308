/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.surface.stream.link.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * How the statistics of a server lie in the message that answers who asks for them. Little-endian.
 *
 * <pre>
 *   0  published (8), frames per second (8, a double), surfaces (4), most surfaces (4), reclaimed (8), forgotten drafts (8),
 *      number of clients (4)
 *  44  for each client: id, pid, ready, waiting, held (4 each), offered, replaced, dropped, timed out (8 each), then of its
 *      latency: count, median, 90, 99, 99.9 of a hundred, most (8 each); then {@link ClientWishes}
 * </pre>
 */
final class StatisticsBody {
    private static final int HEAD = 44;
    private static final int CLIENT = 100 + ClientWishes.SIZE;

    private StatisticsBody() {}

    static ByteBuffer write(ServerStatistics statistics) {
        ByteBuffer body =
                ByteBuffer.allocate(HEAD + CLIENT * statistics.clients().size()).order(ByteOrder.LITTLE_ENDIAN);
        body.putLong(statistics.published()).putDouble(statistics.framesPerSecond());
        body.putInt(statistics.surfaces()).putInt(statistics.mostSurfaces());
        body.putLong(statistics.reclaimed()).putLong(statistics.forgottenDrafts());
        body.putInt(statistics.clients().size());
        statistics.clients().forEach(client -> write(client, body));
        return body.flip();
    }

    private static void write(StreamClient client, ByteBuffer body) {
        body.putInt(client.id()).putInt(client.pid()).putInt(client.ready() ? 1 : 0);
        body.putInt(client.waiting()).putInt(client.held());
        body.putLong(client.offered()).putLong(client.replaced());
        body.putLong(client.dropped()).putLong(client.timedOut());
        Latency latency = client.latency();
        body.putLong(latency.count()).putLong(latency.medianNanos()).putLong(latency.p90Nanos());
        body.putLong(latency.p99Nanos()).putLong(latency.p999Nanos()).putLong(latency.maxNanos());
        client.wishes().write(body);
    }

    /** Reads what any process may have written. */
    static ServerStatistics read(ByteBuffer bytes) throws MachException {
        ByteBuffer body = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
        int count = body.remaining() < HEAD ? -1 : body.getInt(HEAD - 4);
        if (count < 0 || count > Audience.MAX_CLIENTS || body.remaining() < HEAD + CLIENT * count) {
            throw Protocol.violation("its statistics have " + body.remaining() + " bytes for " + count + " clients");
        }
        long published = body.getLong();
        double rate = body.getDouble();
        int surfaces = body.getInt();
        int most = body.getInt();
        long reclaimed = body.getLong();
        long forgotten = body.getLong();
        body.getInt();
        List<StreamClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(client(body));
        }
        return new ServerStatistics(
                published,
                Double.isFinite(rate) ? Math.max(0, rate) : 0,
                surfaces,
                most,
                reclaimed,
                forgotten,
                List.copyOf(clients));
    }

    private static StreamClient client(ByteBuffer body) throws MachException {
        int id = body.getInt();
        int pid = body.getInt();
        boolean ready = body.getInt() != 0;
        int waiting = body.getInt();
        int held = body.getInt();
        long offered = body.getLong();
        long replaced = body.getLong();
        long dropped = body.getLong();
        long timedOut = body.getLong();
        Latency latency = new Latency(
                body.getLong(), body.getLong(), body.getLong(), body.getLong(), body.getLong(), body.getLong());
        return new StreamClient(
                id, pid, ready, offered, replaced, dropped, timedOut, waiting, held, latency, ClientWishes.read(body));
    }
}

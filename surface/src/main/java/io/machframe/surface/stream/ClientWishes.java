/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import io.machframe.core.error.MachException;
import io.machframe.surface.stream.link.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a client can bear and wants, told its publisher at any time: {@link FrameClient#tryTell}. The publisher sees the fold over
 * all clients, {@link FrameServer#wishes}, and may go by it or not.
 *
 * @param utilisation how busy the stream keeps the client, with 1.0 for the most it can sustain; 0 if it does not say
 * @param maxFrameRate frames per second above which more are of no use to it; 0 for any
 * @param maxWidth pixels beyond which it scales the picture down; 0 for any, and then {@code maxHeight} is 0, too
 * @param maxHeight the same for the height
 * @param watched whether somebody looks at the stream there
 * @param onAir whether the stream goes on from there to an audience, or is recorded
 */
public record ClientWishes(
        double utilisation, double maxFrameRate, int maxWidth, int maxHeight, boolean watched, boolean onAir) {
    /** What a client wants that has not said anything: every frame as it is, to be looked at. */
    public static final ClientWishes DEFAULT = new ClientWishes(0, 0, 0, 0, true, false);

    /** The bytes of wishes in a message: two doubles, and width, height and flags in 4 each. Little-endian. */
    static final int SIZE = 28;

    private static final int WATCHED = 1;
    private static final int ON_AIR = 2;

    public ClientWishes {
        String problem = problem(utilisation, maxFrameRate, maxWidth, maxHeight);
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException(problem);
        }
    }

    private static String problem(double utilisation, double maxFrameRate, int maxWidth, int maxHeight) {
        if (!Double.isFinite(utilisation) || utilisation < 0) {
            return "a utilisation is 0 or more, not " + utilisation;
        }
        if (!Double.isFinite(maxFrameRate) || maxFrameRate < 0) {
            return "a frame rate is 0 or more, not " + maxFrameRate;
        }
        boolean possible = maxWidth >= 0
                && maxHeight >= 0
                && maxWidth <= Protocol.MAX_SIDE
                && maxHeight <= Protocol.MAX_SIDE
                && (maxWidth == 0) == (maxHeight == 0);
        return possible ? "" : "there are no frames of at most " + maxWidth + "x" + maxHeight;
    }

    public ClientWishes withUtilisation(double share) {
        return new ClientWishes(share, maxFrameRate, maxWidth, maxHeight, watched, onAir);
    }

    public ClientWishes withMaxFrameRate(double perSecond) {
        return new ClientWishes(utilisation, perSecond, maxWidth, maxHeight, watched, onAir);
    }

    public ClientWishes withMaxSize(int width, int height) {
        return new ClientWishes(utilisation, maxFrameRate, width, height, watched, onAir);
    }

    public ClientWishes withWatched(boolean isWatched) {
        return new ClientWishes(utilisation, maxFrameRate, maxWidth, maxHeight, isWatched, onAir);
    }

    public ClientWishes withOnAir(boolean isOnAir) {
        return new ClientWishes(utilisation, maxFrameRate, maxWidth, maxHeight, watched, isOnAir);
    }

    void write(ByteBuffer body) {
        body.putDouble(utilisation).putDouble(maxFrameRate).putInt(maxWidth).putInt(maxHeight);
        body.putInt((watched ? WATCHED : 0) | (onAir ? ON_AIR : 0));
    }

    byte[] toBytes() {
        ByteBuffer body = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        write(body);
        return body.array();
    }

    /** Reads what any process may have written. */
    static ClientWishes read(ByteBuffer body) throws MachException {
        if (body.remaining() < SIZE) {
            throw Protocol.violation("its wishes have " + body.remaining() + " bytes");
        }
        double utilisation = body.getDouble();
        double maxFrameRate = body.getDouble();
        int maxWidth = body.getInt();
        int maxHeight = body.getInt();
        int flags = body.getInt();
        String problem = problem(utilisation, maxFrameRate, maxWidth, maxHeight);
        if (!problem.isEmpty()) {
            throw Protocol.violation(problem);
        }
        return new ClientWishes(
                utilisation, maxFrameRate, maxWidth, maxHeight, (flags & WATCHED) != 0, (flags & ON_AIR) != 0);
    }
}

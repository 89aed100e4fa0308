/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

/**
 * How the viewer stands with the chosen stream.
 *
 * @param state what is the case
 * @param message the same for a reader, in one line; empty while frames come
 */
public record Connection(State state, String message) {
    /** Nothing is chosen. */
    public static final Connection NONE = new Connection(State.NONE, "");

    /** Frames come. */
    public static final Connection PLAYING = new Connection(State.PLAYING, "");

    /** The states of a connection. */
    public enum State {
        /** Nothing is chosen. */
        NONE,
        /** No frame has come yet; mostly as nobody publishes the name. */
        WAITING,
        /** Frames come. */
        PLAYING,
        /** The stream ended after frames came. The viewer joins again when the name is back. */
        ENDED,
        /** The stream is there but cannot be joined or shown. The viewer keeps trying. */
        FAILED
    }

    static Connection waitingFor(String name) {
        return new Connection(State.WAITING, "Waiting for " + name);
    }

    static Connection ended(String name, boolean closed) {
        String end = closed ? " ended" : " broke off, its publisher died";
        return new Connection(State.ENDED, name + end + "; waiting for it to come back");
    }

    static Connection failed(String name, Exception reason) {
        return new Connection(State.FAILED, name + ": " + reason.getMessage());
    }
}

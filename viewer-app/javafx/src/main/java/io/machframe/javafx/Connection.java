/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

/**
 * How a view stands with its stream.
 *
 * @param state what is the case
 * @param message the same for a reader, in one line; empty while frames come
 */
public record Connection(State state, String message) {
    /** There is no stream. */
    public static final Connection NONE = new Connection(State.NONE, "");

    /** Frames come. */
    public static final Connection PLAYING = new Connection(State.PLAYING, "");

    /** The states of a connection. */
    public enum State {
        /** There is no stream. */
        NONE,
        /** No frame has come yet; mostly as no process publishes the name. */
        WAITING,
        /** Frames come. */
        PLAYING,
        /** The stream ended after frames came. It is joined again when the name is back, unless a client was given. */
        ENDED,
        /** The stream is there but cannot be joined or shown. It is tried again and again. */
        FAILED
    }

    static Connection waitingFor(String name) {
        return new Connection(State.WAITING, "Waiting for " + name);
    }

    static Connection ended(String name, boolean closed, boolean rejoins) {
        String end = closed ? " ended" : " broke off, its publisher died";
        return new Connection(State.ENDED, name + end + (rejoins ? "; waiting for it to come back" : ""));
    }

    static Connection failed(String name, Exception reason) {
        return new Connection(State.FAILED, name + ": " + reason.getMessage());
    }
}

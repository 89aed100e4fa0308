/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

/** What came of a request, the result codes of {@code CFMessagePortSendRequest}. */
public enum SendResult {
    /** It was sent and, if an answer was asked for, answered; {@code kCFMessagePortSuccess}. */
    SUCCESS(0),
    /** The peer's queue stayed full; {@code kCFMessagePortSendTimeout}. */
    SEND_TIMED_OUT(-1),
    /** No answer came in time; one that comes later is thrown away. {@code kCFMessagePortReceiveTimeout}. */
    RECEIVE_TIMED_OUT(-2),
    /** The port was invalid before; {@code kCFMessagePortIsInvalid}. */
    INVALID(-3),
    /** The peer was found dead, or the data are too large; {@code kCFMessagePortTransportError}. */
    TRANSPORT_ERROR(-4),
    /** The port became invalid while an answer was waited for; {@code kCFMessagePortBecameInvalidError}. */
    BECAME_INVALID(-5);

    private final int code;

    SendResult(int code) {
        this.code = code;
    }

    /** Returns the number of this result in C. */
    public int code() {
        return code;
    }
}

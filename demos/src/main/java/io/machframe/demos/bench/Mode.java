/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

/** When the publisher of a round publishes the next frame. */
enum Mode {
    /** At a steady rate. Between frames both sides sleep. */
    PACED("paced"),
    /** When the consumer said that it received the one before, so that no frame replaces another. */
    PING_PONG("ping-pong"),
    /** At once. Frames that the consumer is too slow for are skipped. */
    FREE("free");

    private final String text;

    Mode(String text) {
        this.text = text;
    }

    static Mode of(String text) {
        for (Mode mode : values()) {
            if (mode.text.equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("no mode is called " + text);
    }

    @Override
    public String toString() {
        return text;
    }
}

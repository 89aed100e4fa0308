/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.bench;

import java.io.IOException;

/** A publisher and a consumer that are connected to each other. */
record Pair(Peer publisher, Peer consumer) implements AutoCloseable {
    Outcome run(Round round) throws IOException {
        consumer.order(round);
        consumer.requireReady();
        publisher.order(round);
        String received = consumer.answer();
        return Outcome.parse(publisher.answer(), received);
    }

    @Override
    public void close() {
        consumer.close();
        publisher.close();
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.messageport;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a {@link LocalMessagePort} calls: {@code CFMessagePortCallBack} and the {@code CFMessagePortContext} that belongs
 * to it, in one object.
 */
@FunctionalInterface
public interface MessagePortListener {
    /**
     * A request came. Called on the thread that runs the loop, or on the port's executor.
     *
     * <p>An exception is logged; who asked then gets no answer and waits until its time is over.
     *
     * @param id the number that the sender chose
     * @param data what it sent, little-endian, read-only, valid during this call only; empty if it sent none
     * @return the answer, copied when this returns; empty for none. It is thrown away if the sender asked for no answer
     */
    Optional<ByteBuffer> received(LocalMessagePort port, int id, ByteBuffer data);

    /** A port took this listener; {@code retain} of the context. Called by the thread that makes the port. */
    default void retained() {}

    /** The port became invalid and will not call again; {@code release} of the context. Called by the thread that ends it. */
    default void released() {}
}

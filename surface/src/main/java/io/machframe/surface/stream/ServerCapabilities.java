/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * What a publisher says of itself when a client connects.
 *
 * @param device what it draws with, as {@link ClientCapabilities#device}; 0 if it does not say
 * @param dmaBufs whether its surfaces are dma-bufs, which devices can use
 * @param clientsMayWrite whether clients are let write into frames
 */
public record ServerCapabilities(long device, boolean dmaBufs, boolean clientsMayWrite) {
    private static final int DMA_BUFS = 1;
    private static final int WRITABLE = 2;

    int flags() {
        return (dmaBufs ? DMA_BUFS : 0) | (clientsMayWrite ? WRITABLE : 0);
    }

    static ServerCapabilities of(long device, int flags) {
        return new ServerCapabilities(device, (flags & DMA_BUFS) != 0, (flags & WRITABLE) != 0);
    }
}

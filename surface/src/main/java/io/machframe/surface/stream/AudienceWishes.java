/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * What all clients of a stream want together. As each client drops by itself what is too much for it, the fold is the least that
 * satisfies all: a publisher that makes more works in vain.
 *
 * @param clients how many there are
 * @param watching how many of them somebody looks at
 * @param onAir how many of them go on to an audience, or record
 * @param utilisation the greatest that one of them tells; above 1.0 it cannot keep up
 * @param maxFrameRate the greatest that one of them has a use for; 0 if there is no limit
 * @param maxWidth the greatest width that one of them has a use for; 0 if there is no limit
 * @param maxHeight the same for the height
 * @param needCpuMemory whether one of them reads pixels with the processor
 */
public record AudienceWishes(
        int clients,
        int watching,
        int onAir,
        double utilisation,
        double maxFrameRate,
        int maxWidth,
        int maxHeight,
        boolean needCpuMemory) {
    /** Of no clients. */
    public static final AudienceWishes NONE = new AudienceWishes(0, 0, 0, 0, 0, 0, 0, false);

    /** Returns the fold with one client more. */
    AudienceWishes and(ClientWishes wishes, boolean needsCpuMemory) {
        boolean first = clients == 0;
        boolean anySize = wishes.maxWidth() == 0 || (!first && maxWidth == 0);
        boolean anyRate = wishes.maxFrameRate() == 0 || (!first && maxFrameRate == 0);
        return new AudienceWishes(
                clients + 1,
                watching + (wishes.watched() ? 1 : 0),
                onAir + (wishes.onAir() ? 1 : 0),
                Math.max(utilisation, wishes.utilisation()),
                anyRate ? 0 : Math.max(maxFrameRate, wishes.maxFrameRate()),
                anySize ? 0 : Math.max(maxWidth, wishes.maxWidth()),
                anySize ? 0 : Math.max(maxHeight, wishes.maxHeight()),
                needCpuMemory || needsCpuMemory);
    }
}

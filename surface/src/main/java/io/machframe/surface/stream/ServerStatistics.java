/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

import java.util.List;

/**
 * What a server did so far, and how it is now.
 *
 * @param published frames published
 * @param framesPerSecond frames published per second, over the last one
 * @param surfaces surfaces in the pool, those in use included
 * @param mostSurfaces the most that there ever were at a time
 * @param reclaimed surfaces that clients held when they died
 * @param forgottenDrafts drafts that were neither published nor closed, whose surfaces the collector gave back
 * @param clients the clients connected now
 */
public record ServerStatistics(
        long published,
        double framesPerSecond,
        int surfaces,
        int mostSurfaces,
        long reclaimed,
        long forgottenDrafts,
        List<StreamClient> clients) {}

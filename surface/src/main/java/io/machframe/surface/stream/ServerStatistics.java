/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * What a server did so far.
 *
 * @param published frames published
 * @param subscribers clients connected now
 * @param surfaces surfaces in the pool now
 */
public record ServerStatistics(long published, int subscribers, int surfaces) {}

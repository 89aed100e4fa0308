/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

/**
 * One number in each element of a plane.
 *
 * @param name what it says
 * @param type what kind of number it is
 * @param range which numbers it uses
 * @param bitDepth its meaningful bits
 * @param bitOffset where the lowest of them stands in the element, read as one number whose lowest bit is 0: a
 *     little-endian number, unless the format says otherwise
 */
public record Component(ComponentName name, ComponentType type, ComponentRange range, int bitDepth, int bitOffset) {}

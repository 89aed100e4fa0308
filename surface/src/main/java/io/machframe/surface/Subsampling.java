/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

/** How much coarser colour is than brightness. {@code IOSurfaceSubsampling}; {@link #ordinal} is its number in C. */
public enum Subsampling {
    /** Not said. */
    UNKNOWN,
    /** As fine, 4:4:4, or no colour apart from brightness. */
    NONE,
    /** Half as wide. */
    YUV_422,
    /** Half as wide and half as high. */
    YUV_420,
    /** A quarter as wide. */
    YUV_411
}

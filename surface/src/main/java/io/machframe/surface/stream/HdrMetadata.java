/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.stream;

/**
 * The display that a picture was mastered on and how bright its content gets: SMPTE ST 2086 and CTA-861.3, in the units
 * of the video standards, so that nothing is lost on the way.
 *
 * @param redX chromaticities in units of 1/50000, as the seven that follow
 * @param maxLuminance in units of 1/10000 cd/m², as the one that follows
 * @param maxContentLight MaxCLL in cd/m², 0 if unknown
 * @param maxFrameAverageLight MaxFALL in cd/m², 0 if unknown
 */
public record HdrMetadata(
        int redX,
        int redY,
        int greenX,
        int greenY,
        int blueX,
        int blueY,
        int whiteX,
        int whiteY,
        int maxLuminance,
        int minLuminance,
        int maxContentLight,
        int maxFrameAverageLight) {
    int[] numbers() {
        return new int[] {
            redX,
            redY,
            greenX,
            greenY,
            blueX,
            blueY,
            whiteX,
            whiteY,
            maxLuminance,
            minLuminance,
            maxContentLight,
            maxFrameAverageLight
        };
    }

    static HdrMetadata of(int[] n) {
        return new HdrMetadata(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11]);
    }
}

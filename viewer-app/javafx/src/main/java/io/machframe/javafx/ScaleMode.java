/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

/** How large a picture is shown, before zoom. Its shape is kept in each. */
public enum ScaleMode {
    /** As large as the view allows, with bars on two sides. */
    FIT,
    /** As small as covers the view, cut on two sides. */
    FILL,
    /** A pixel of the picture on each unit of the view. */
    ACTUAL_SIZE,
    /** The largest whole multiple that fits, so that all pixels are alike; as {@link #FIT} if even one does not. */
    INTEGER;

    double scale(double pictureWidth, double pictureHeight, double areaWidth, double areaHeight) {
        double horizontal = areaWidth / pictureWidth;
        double vertical = areaHeight / pictureHeight;
        double fit = Math.min(horizontal, vertical);
        return switch (this) {
            case FIT -> fit;
            case FILL -> Math.max(horizontal, vertical);
            case ACTUAL_SIZE -> 1;
            case INTEGER -> fit < 1 ? fit : Math.floor(fit);
        };
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.javafx;

import io.machframe.surface.property.Orientation;
import javafx.geometry.Point2D;
import javafx.scene.transform.Affine;

/** Where a turned picture shows what. Places in a picture are those of the unit square. */
final class Turn {
    private Turn() {}

    /** Returns where a place of the stored picture is shown. */
    static Point2D shown(Orientation way, double u, double v) {
        return new Point2D(way.a() * u + way.c() * v + right(way), way.b() * u + way.d() * v + down(way));
    }

    /** Returns the place of the stored picture that is shown at one. */
    static Point2D stored(Orientation way, double x, double y) {
        // The inverse of a matrix of this kind is its transpose.
        double across = x - right(way);
        double along = y - down(way);
        return new Point2D(way.a() * across + way.b() * along, way.c() * across + way.d() * along);
    }

    /** Returns what turns a picture, laid at the origin as large as the box wants it, so that it covers the box there. */
    static Affine transform(Orientation way, PictureBox box) {
        return new Affine(way.a(), way.c(), right(way) * box.width(), way.b(), way.d(), down(way) * box.height());
    }

    private static int right(Orientation way) {
        return way.a() + way.c() < 0 ? 1 : 0;
    }

    private static int down(Orientation way) {
        return way.b() + way.d() < 0 ? 1 : 0;
    }
}

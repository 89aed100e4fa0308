/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.renderer;

/** A tube along a knot on a torus, as triangles: place, normal and texture coordinates of each corner. */
final class TorusKnot {
    /** Numbers of a corner. */
    static final int STRIDE = 8;

    private static final int AROUND_TORUS = 2;
    private static final int THROUGH_TORUS = 3;
    private static final int RINGS = 240;
    private static final int SIDES = 18;
    private static final double TUBE = 0.28;
    private static final int REPEATS = 24;

    private TorusKnot() {}

    /** Returns the corners, ring by ring. */
    static float[] corners() {
        float[] corners = new float[(RINGS + 1) * (SIDES + 1) * STRIDE];
        int at = 0;
        for (int ring = 0; ring <= RINGS; ring++) {
            double t = 2 * Math.PI * ring / RINGS;
            double[] here = knot(t);
            double[] ahead = minus(knot(t + 1e-3), here);
            double[] side = unit(cross(ahead, new double[] {here[0] + 1e-3, here[1], here[2] + 0.5}));
            double[] up = unit(cross(side, ahead));
            for (int i = 0; i <= SIDES; i++) {
                double angle = 2 * Math.PI * i / SIDES;
                for (int axis = 0; axis < 3; axis++) {
                    double normal = Math.cos(angle) * side[axis] + Math.sin(angle) * up[axis];
                    corners[at + axis] = (float) (here[axis] + TUBE * normal);
                    corners[at + 3 + axis] = (float) normal;
                }
                corners[at + 6] = (float) REPEATS * ring / RINGS;
                corners[at + 7] = 2f * i / SIDES;
                at += STRIDE;
            }
        }
        return corners;
    }

    /** Returns three corners of each triangle. */
    static int[] triangles() {
        int[] triangles = new int[RINGS * SIDES * 6];
        int at = 0;
        for (int ring = 0; ring < RINGS; ring++) {
            for (int i = 0; i < SIDES; i++) {
                int first = ring * (SIDES + 1) + i;
                int next = first + SIDES + 1;
                for (int corner : new int[] {first, next, first + 1, first + 1, next, next + 1}) {
                    triangles[at++] = corner;
                }
            }
        }
        return triangles;
    }

    private static double[] knot(double t) {
        double radius = 1 + 0.42 * Math.cos(THROUGH_TORUS * t);
        return new double[] {
            radius * Math.cos(AROUND_TORUS * t), radius * Math.sin(AROUND_TORUS * t), 0.55 * Math.sin(THROUGH_TORUS * t)
        };
    }

    private static double[] minus(double[] a, double[] b) {
        return new double[] {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    }

    private static double[] cross(double[] a, double[] b) {
        return new double[] {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
    }

    private static double[] unit(double[] a) {
        double length = Math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
        return new double[] {a[0] / length, a[1] / length, a[2] / length};
    }
}

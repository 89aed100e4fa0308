/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.format;

/** What a component says of the picture. {@code IOSurfaceComponentName}. */
public enum ComponentName {
    /** Not said, or nothing of a colour. {@code kIOSurfaceComponentNameUnknown}. */
    UNKNOWN(0, '?'),
    /** Opacity. {@code kIOSurfaceComponentNameAlpha}. */
    ALPHA(1, 'A'),
    /** {@code kIOSurfaceComponentNameRed}. */
    RED(2, 'R'),
    /** {@code kIOSurfaceComponentNameGreen}. */
    GREEN(3, 'G'),
    /** {@code kIOSurfaceComponentNameBlue}. */
    BLUE(4, 'B'),
    /** Brightness, or grey. {@code kIOSurfaceComponentNameLuma}. */
    LUMA(5, 'Y'),
    /** Cr. {@code kIOSurfaceComponentNameChromaRed}. */
    CHROMA_RED(6, 'V'),
    /** Cb. {@code kIOSurfaceComponentNameChromaBlue}. */
    CHROMA_BLUE(7, 'U');

    private final int number;
    private final char letter;

    ComponentName(int number, char letter) {
        this.number = number;
        this.letter = letter;
    }

    /** Returns its number in C. */
    public int number() {
        return number;
    }

    /** Returns the letter it has in the table of formats. */
    public char letter() {
        return letter;
    }

    /** Returns the one with a number, {@link #UNKNOWN} if there is none. */
    public static ComponentName of(int number) {
        return number >= 0 && number < values().length ? values()[number] : UNKNOWN;
    }

    /** Returns the one with a letter. Throws {@link IllegalArgumentException} if there is none. */
    public static ComponentName ofLetter(char letter) {
        for (ComponentName name : values()) {
            if (name.letter == letter) {
                return name;
            }
        }
        throw new IllegalArgumentException("no component has the letter " + letter);
    }
}

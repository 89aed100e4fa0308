/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer.model;

import java.util.prefs.BackingStoreException;
import java.util.prefs.Preferences;

/**
 * What the viewer remembers from one start to the next.
 *
 * @param preferences where it is kept
 */
public record Settings(Preferences preferences) {
    /** The choices that are on or off. */
    public enum Choice {
        /** Whether the list of streams is shown. */
        LIST(true),
        /** Whether the statistics are shown over the picture. */
        STATISTICS(false),
        /** Whether the colours are light. */
        LIGHT(false),
        /** Whether an enlarged picture is smoothed. */
        SMOOTH(true),
        /** Whether there is a checkerboard under transparent pixels. */
        CHECKERBOARD(false),
        /** Whether the window is maximized. */
        MAXIMIZED(false);

        private final boolean initial;

        Choice(boolean initial) {
            this.initial = initial;
        }
    }

    /** The numbers. */
    public enum Amount {
        /** Where the window begins; not a number before it was remembered. */
        X(Double.NaN),
        /** Where the window begins; not a number before it was remembered. */
        Y(Double.NaN),
        /** How wide the window is. */
        WIDTH(1240),
        /** How high the window is. */
        HEIGHT(720),
        /** How much of the width the list has. */
        DIVIDER(0.19);

        private final double initial;

        Amount(double initial) {
            this.initial = initial;
        }
    }

    /** Returns whether a choice is on. */
    public boolean get(Choice choice) {
        return preferences.getBoolean(choice.name(), choice.initial);
    }

    /** Remembers whether a choice is on. */
    public void put(Choice choice, boolean on) {
        preferences.putBoolean(choice.name(), on);
    }

    /** Returns a number. */
    public double get(Amount amount) {
        return preferences.getDouble(amount.name(), amount.initial);
    }

    /** Remembers a number. */
    public void put(Amount amount, double value) {
        preferences.putDouble(amount.name(), value);
    }

    /** Writes what is to be remembered. Where that fails, it is only not remembered. */
    public void save() {
        try {
            preferences.flush();
        } catch (BackingStoreException e) {
            System.getLogger(Settings.class.getName()).log(System.Logger.Level.DEBUG, "settings are not saved", e);
        }
    }
}

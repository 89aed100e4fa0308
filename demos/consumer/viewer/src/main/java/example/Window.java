/* SPDX-License-Identifier: Apache-2.0 */
package example;

import io.machframe.viewer.Viewer;

public class Window {
    public static void main(String[] arguments) {
        Viewer.main(arguments);
    }
}

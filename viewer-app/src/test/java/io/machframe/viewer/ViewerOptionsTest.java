/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.viewer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ViewerOptionsTest {
    @Test
    void noArgumentIsNeeded() {
        assertEquals(new ViewerOptions(Optional.empty(), false, Optional.empty()), ViewerOptions.parse(List.of()));
    }

    @Test
    void allArgumentsAreUnderstood() {
        assertEquals(
                new ViewerOptions(Optional.of("camera-1"), true, Optional.of(Path.of("out.png"))),
                ViewerOptions.parse(List.of("--snapshot", "out.png", "--name", "camera-1", "--exit-at-end")));
    }

    @Test
    void whatIsNotUnderstoodIsNamed() {
        assertEquals("unknown argument '--nam'", refusal("--nam", "camera-1"));
        assertEquals("--name needs a value", refusal("--name"));
        assertEquals("unknown argument 'camera-1'", refusal("camera-1"));
        assertEquals("there is no folder for 'nowhere/x.png'", refusal("--snapshot", "nowhere/x.png"));
    }

    private static String refusal(String... arguments) {
        return assertThrows(IllegalArgumentException.class, () -> ViewerOptions.parse(List.of(arguments)))
                .getMessage();
    }
}

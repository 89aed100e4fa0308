/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.gl.darwin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.testing.abi.AbiTable;
import io.machframe.core.testing.abi.Arch;
import io.machframe.core.testing.abi.BindingCheck;
import io.machframe.core.testing.abi.BindingProbe;
import io.machframe.core.testing.abi.StubLibrary;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lwjgl.opengl.CGL;
import org.lwjgl.opengl.GL31C;

/** The declarations of OpenGL.framework against the ABI table. */
final class OpenGlFrameworkTest {
    @Test
    void everyFunctionIsDeclaredAsMacOsHasIt() {
        assertEquals(List.of(), BindingCheck.functions(OpenGlFramework.class, OpenGlFramework.INSTALL_NAME));
    }

    @Test
    @Timeout(120)
    void everyArgumentAndResultPassesThroughTheMapping(@TempDir Path folder) throws Exception {
        StubLibrary stub = StubLibrary.compile(folder, List.of(OpenGlFramework.class), List.of());

        assertEquals(List.of(), BindingProbe.differences(OpenGlFramework.class, stub));
    }

    @ParameterizedTest
    @EnumSource
    void everyConstantHasTheValueOfItsNamesakeInC(Arch arch) {
        AbiTable table = AbiTable.of(arch);
        assertEquals(Optional.of((long) GL31C.GL_TEXTURE_RECTANGLE), table.constant("GL_TEXTURE_RECTANGLE"));
        assertEquals(Optional.of((long) CGL.kCGLNoError), table.constant("kCGLNoError"));
        assertEquals(Optional.of((long) CGL.kCGLPFAOpenGLProfile), table.constant("kCGLPFAOpenGLProfile"));
        assertEquals(Optional.of((long) CGL.kCGLOGLPVersion_3_2_Core), table.constant("kCGLOGLPVersion_3_2_Core"));
        assertEquals(
                Optional.of((long) CGL.kCGLPFAAllowOfflineRenderers), table.constant("kCGLPFAAllowOfflineRenderers"));
        assertEquals(Optional.of((long) CGL.kCGLPFAColorSize), table.constant("kCGLPFAColorSize"));
    }
}

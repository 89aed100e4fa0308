/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machframe.core.error.MachException;
import io.machframe.core.port.SendRight;
import io.machframe.surface.format.PixelFormat;
import io.machframe.surface.layout.SurfaceProperties;
import io.machframe.surface.property.YCbCrMatrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class YCbCrMatrixTest {
    @ParameterizedTest
    @EnumSource
    void everyHolderOfASurfaceSeesItsMatrix(YCbCrMatrix matrix) throws MachException {
        try (IOSurface surface = surface(480);
                SendRight port = surface.createMachPort();
                IOSurface seen = IOSurface.fromMachPort(port)) {
            surface.attachments().set(matrix);
            assertEquals(matrix, seen.attachments().yCbCrMatrix());
        }
    }

    @ParameterizedTest
    @CsvSource({"480,BT601", "576,BT601", "577,BT709", "2160,BT709"})
    void aSurfaceThatDoesNotTellHasTheUsualMatrixOfItsHeight(int height, YCbCrMatrix usual) throws MachException {
        try (IOSurface surface = surface(height)) {
            assertEquals(usual, surface.attachments().yCbCrMatrix());
            surface.attachments().set(YCbCrMatrix.KEY, "ITU_R_4711");
            assertEquals(usual, surface.attachments().yCbCrMatrix());
            surface.attachments().set(YCbCrMatrix.KEY, 5L);
            assertEquals(usual, surface.attachments().yCbCrMatrix());
        }
    }

    /** The recommendations define luma as the weighted sum of the colours: grey has no chroma, whatever the matrix. */
    @ParameterizedTest
    @EnumSource
    void theLumaOfChromaAloneIsNone(YCbCrMatrix matrix) {
        double red = 1 - matrix.redOfCr() / 2;
        double blue = 1 - matrix.blueOfCb() / 2;
        double green = 1 - red - blue;
        assertEquals(0, red * matrix.redOfCr() + green * matrix.greenOfCr(), 1e-12);
        assertEquals(0, blue * matrix.blueOfCb() + green * matrix.greenOfCb(), 1e-12);
    }

    @Test
    void bt709HasTheWeightsOfItsRecommendation() {
        assertEquals(1.5748, YCbCrMatrix.BT709.redOfCr(), 1e-4);
        assertEquals(-0.4681, YCbCrMatrix.BT709.greenOfCr(), 1e-4);
        assertEquals(-0.1873, YCbCrMatrix.BT709.greenOfCb(), 1e-4);
        assertEquals(1.8556, YCbCrMatrix.BT709.blueOfCb(), 1e-4);
    }

    private static IOSurface surface(int height) throws MachException {
        return IOSurface.create(SurfaceProperties.of(16, height, PixelFormat.NV12_VIDEO));
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.surface.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is attached to surfaces to say how their numbers are to be understood. */
final class PictureColorsTest {
    private static final HdrMetadata HDR =
            new HdrMetadata(35400, 14600, 8500, 39850, 6550, 2300, 15635, 16450, 40_000_000, 50, 1000, 400);

    @ParameterizedTest
    @EnumSource
    void alphaIsReadAsItIsAttached(AlphaMode mode) {
        assertEquals(mode, AlphaMode.of(mode.attachments()));
    }

    @Test
    void alphaMeansNothingUnlessSomethingIsSaid() {
        assertEquals(AlphaMode.NONE, AlphaMode.of(Map.of()));
        assertEquals(AlphaMode.NONE, AlphaMode.of(Map.of(AlphaMode.MODE_KEY, "AnotherAlpha")));
        assertEquals(AlphaMode.PREMULTIPLIED, AlphaMode.of(Map.of(AlphaMode.OPAQUE_KEY, false)));
        assertEquals(AlphaMode.STRAIGHT, AlphaMode.of(Map.of(AlphaMode.MODE_KEY, "StraightAlpha")));
        assertEquals(
                AlphaMode.NONE, AlphaMode.of(Map.of(AlphaMode.OPAQUE_KEY, true, AlphaMode.MODE_KEY, "StraightAlpha")));
    }

    /** H.273, tables 2 to 4: what has several numbers is one thing. */
    @ParameterizedTest
    @CsvSource({
        "1,1,1,BT709,BT709,BT709", "6,6,6,SMPTE_C,BT709,BT601", "7,7,7,SMPTE_C,SMPTE240M,SMPTE240M",
        "5,8,5,EBU3213,LINEAR,BT601", "9,14,9,BT2020,BT709,BT2020", "9,15,9,BT2020,BT709,BT2020",
        "9,16,9,BT2020,PQ,BT2020", "9,18,9,BT2020,HLG,BT2020", "11,17,1,DCI_P3,ST428,BT709",
        "12,13,1,P3_D65,SRGB,BT709", "22,1,6,P22,BT709,BT601"
    })
    void theNumbersOfTheStandardHaveNames(
            int primaries,
            int transfer,
            int matrix,
            ColorPrimaries named,
            TransferFunction function,
            YCbCrMatrix weights) {
        assertEquals(named, ColorPrimaries.ofCode(primaries).orElseThrow());
        assertEquals(function, TransferFunction.ofCode(transfer).orElseThrow());
        assertEquals(weights, YCbCrMatrix.ofCode(matrix).orElseThrow());
        FrameColor color = new FrameColor(primaries, transfer, matrix, FrameColor.Range.UNSPECIFIED);
        FrameColor read = FrameColor.of(color.attachments());
        assertEquals(new FrameColor(named.code(), function.code(), weights.code(), FrameColor.Range.UNSPECIFIED), read);
        assertEquals(color.attachments(), read.attachments());
        assertEquals(weights, color.yCbCrMatrix(100));
        assertEquals(function == TransferFunction.PQ || function == TransferFunction.HLG, color.isHdr());
    }

    @Test
    void whatIsNotToldIsNotAttached() {
        assertEquals(Map.of(), FrameColor.UNSPECIFIED.attachments());
        assertEquals(FrameColor.UNSPECIFIED, FrameColor.of(Map.of(YCbCrMatrix.KEY, "ITU_R_4711")));
        assertEquals(YCbCrMatrix.BT601, FrameColor.UNSPECIFIED.yCbCrMatrix(576));
        assertEquals(YCbCrMatrix.BT709, FrameColor.SRGB.yCbCrMatrix(577));
        assertEquals(Map.of(), HdrMetadata.NONE.attachments(true));
    }

    @Test
    void aMatrixThatIsNotKnownIsRefusedByItsNumber() {
        FrameColor constantLuminance = new FrameColor(9, 14, 10, FrameColor.Range.LIMITED);
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> constantLuminance.yCbCrMatrix(100));
        assertTrue(refusal.getMessage().contains("number 10"), refusal.getMessage());
    }

    @Test
    void hdrMetadataIsReadAsItIsAttached() {
        Map<String, Object> attached = HDR.attachments(true);
        assertEquals(HDR, HdrMetadata.of(attached));
        ByteBuffer display = ByteBuffer.wrap((byte[]) attached.get(HdrMetadata.DISPLAY_KEY));
        assertEquals(8500, display.getShort(0), "green comes first in H.265");
        assertEquals(40_000_000, display.getInt(16));
        assertEquals(1000 / 203.0, attached.get(HdrMetadata.HEADROOM_KEY));
        assertEquals(1000, HDR.peakNits());
        assertEquals(HdrMetadata.NONE, HdrMetadata.of(Map.of(HdrMetadata.DISPLAY_KEY, new byte[3])));
        assertEquals(HdrMetadata.NONE, HdrMetadata.of(Map.of(HdrMetadata.DISPLAY_KEY, "text")));
    }

    @Test
    void withoutTheLightOfTheContentThatOfTheDisplayCounts() {
        assertEquals(4000, new HdrMetadata(0, 0, 0, 0, 0, 0, 0, 0, 40_000_000, 50, 0, 0).peakNits());
    }
}

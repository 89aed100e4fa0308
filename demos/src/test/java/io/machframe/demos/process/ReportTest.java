/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.demos.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReportTest {
    @Test
    void aReportIsOneLineAndComesBack() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("frames", "300");
        values.put("surfaces", "");
        Report report = new Report("published", values);
        assertEquals("@published frames=300 surfaces=", report.toString());
        assertEquals(Optional.of(report), Report.parse(report.toString()));
        assertEquals(300, report.number("frames"));
    }

    @Test
    void aReportMayHaveNoValues() {
        assertEquals(Optional.of(Report.of("open")), Report.parse("@open"));
    }

    @Test
    void otherLinesAreNoReports() {
        assertEquals(Optional.empty(), Report.parse(""));
        assertEquals(Optional.empty(), Report.parse("open"));
        assertEquals(Optional.empty(), Report.parse("@some words"));
    }

    @Test
    void aMissingValueIsNamed() {
        Report report = Report.of("open");
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> report.number("frames"));
        assertEquals("a report of open without frames", e.getMessage());
    }
}

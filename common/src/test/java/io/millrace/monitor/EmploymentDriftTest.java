package io.millrace.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.RealData;
import io.millrace.TestSpark;
import io.millrace.config.MonitorSpec.Distance;
import io.millrace.validate.ColumnMeasures;
import io.millrace.validate.Profiler;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** People of Massachusetts and their employment (American Community Survey): 2015 and later. */
class EmploymentDriftTest {

  @Test
  void surveysOfLaterYearsAreAlike() {
    Dataset<Row> reference = read("employment_MA_reference.parquet");
    Dataset<Row> later = read("employment_MA_analysis.parquet");
    List<String> columns =
        Arrays.stream(later.columns()).filter(c -> !List.of("id", "year").contains(c)).toList();
    Map<String, ColumnMeasures> before = Profiler.measure(reference, columns);
    Map<String, List<String>> changed = new TreeMap<>();
    Profiler.measureBy(later, columns, "year")
        .forEach(
            (year, measures) -> {
              List<Watched> watched =
                  columns.stream()
                      .map(c -> Columns.feature(c, before.get(c), measures.get(c)))
                      .toList();
              assertThat(changed(watched, 0.1)).as(year).isEmpty();
              changed.put(year, changed(watched, 0.001));
            });
    assertThat(columns).hasSize(18);
    assertThat(changed)
        .containsEntry("2016", List.of("ANC"))
        .containsEntry("2017", List.of("SCHL", "ANC"))
        .containsEntry("2018", List.of("AGEP", "SCHL", "RELP", "ANC"))
        .hasSize(3);
  }

  private static List<String> changed(List<Watched> watched, double warn) {
    return DriftJudge.judge(watched, Columns.spec(Distance.PSI, warn, 0.25)).stream()
        .filter(drift -> drift.verdict().isChange())
        .map(drift -> drift.watched().column())
        .toList();
  }

  private static Dataset<Row> read(String file) {
    return TestSpark.session()
        .read()
        .parquet(RealData.at("acs-employment-ma").resolve(file).toString());
  }
}

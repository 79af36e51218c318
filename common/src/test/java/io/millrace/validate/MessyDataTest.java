package io.millrace.validate;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.RealData;
import io.millrace.TestSpark;
import io.millrace.config.CheckSpec;
import io.millrace.config.SpecReader;
import io.millrace.config.Variables;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tables with known errors (the benchmark of Mahdavi et al., "Raha", 2019), judged by what their
 * columns mean: which of the rows that differ from the corrected file are found.
 */
@Tag("much-data")
class MessyDataTest {

  /**
   * Rows told and rows wrong.
   *
   * @param found wrong rows that break a check
   * @param wrong rows that differ from the corrected file
   * @param flagged rows that break a check
   */
  private record Score(int found, int wrong, int flagged) {

    double recall() {
      return (double) found / wrong;
    }

    double precision() {
      return (double) found / flagged;
    }
  }

  private static Dataset<Row> read(String name, String file) {
    return TestSpark.session()
        .read()
        .option("header", true)
        .option("escape", "\"")
        .option("nullValue", "\u0000")
        .option("emptyValue", "")
        .csv(RealData.at(name).resolve(file).toString())
        .coalesce(1);
  }

  private static List<CheckSpec> checks(String name) {
    try {
      Path file = Path.of(MessyDataTest.class.getResource("/validate/" + name + ".yaml").toURI());
      return SpecReader.pipeline(file, Variables.of(Map.of(), Map.of()), Map.of())
          .validate()
          .get("rows");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The ids of rows that break a check. */
  private static Set<String> flagged(String name) {
    Dataset<Row> rows =
        read(name, "dirty.csv")
            .withColumn("run_id", lit("run1"))
            .withColumn("_row_id", monotonically_increasing_id().cast("string"));
    ValidateResult result =
        Validator.validate(rows, checks(name), ValidateContext.of("rows", List.of(TestRows.SLICE)));
    Set<String> ids = new HashSet<>();
    result.broken().select("_row_id").collectAsList().forEach(row -> ids.add(row.getString(0)));
    assertThat(ids).hasSize((int) result.brokenRows());
    return ids;
  }

  /** The ids of rows that differ from the corrected file in some cell, by how many cells. */
  private static Map<String, Integer> wrong(String name, boolean spelling) {
    List<Row> dirty = read(name, "dirty.csv").collectAsList();
    List<Row> clean = read(name, "clean.csv").collectAsList();
    Map<String, Integer> wrong = new TreeMap<>();
    for (int i = 0; i < dirty.size(); i++) {
      for (int c = 0; c < dirty.get(i).size(); c++) {
        String a = dirty.get(i).getString(c);
        String b = clean.get(i).getString(c);
        if (!a.equals(b) && (spelling || !sameNumber(a, b))) {
          wrong.merge(Integer.toString(i), 1, Integer::sum);
        }
      }
    }
    return wrong;
  }

  /** Whether two texts are one number: 7 and 7.0, 1907 and 01907. */
  private static boolean sameNumber(String a, String b) {
    return a.matches("[0-9.]+")
        && b.matches("[0-9.]+")
        && Double.parseDouble(a) == Double.parseDouble(b);
  }

  private static Score score(Set<String> flagged, Set<String> wrong) {
    Set<String> found = new HashSet<>(flagged);
    found.retainAll(wrong);
    return new Score(found.size(), wrong.size(), flagged.size());
  }

  @Test
  void findsTyposInHospitals() throws IOException {
    Map<String, Integer> wrong = wrong("messy-hospital", true);
    Score score = score(flagged("messy-hospital"), wrong.keySet());

    assertThat(wrong.values().stream().mapToInt(cells -> cells).sum()).isEqualTo(509);
    assertThat(score.wrong()).isEqualTo(407);
    assertThat(score.recall()).isEqualTo(1);
    assertThat(score.precision()).isGreaterThan(0.99);
  }

  @Test
  void findsErrorsInTaxRecords() throws IOException {
    Map<String, Integer> wrong = wrong("messy-tax", false);
    Map<String, Integer> spelled = wrong("messy-tax", true);
    Set<String> flagged = flagged("messy-tax");
    Score score = score(flagged, wrong.keySet());
    Score all = score(flagged, spelled.keySet());

    assertThat(wrong.values().stream().mapToInt(cells -> cells).sum()).isEqualTo(1_306);
    assertThat(spelled.values().stream().mapToInt(cells -> cells).sum()).isEqualTo(30_757);
    assertThat(score.wrong()).isEqualTo(1_273);
    assertThat(all.wrong()).isEqualTo(26_126);
    assertThat(score.recall()).isEqualTo(1);
    assertThat(score.precision()).isGreaterThan(0.90);
    // an honest spec takes 01907 for a zip and 7.0 for a rate: most rows spelled otherwise pass
    assertThat(all.precision()).isGreaterThan(0.98);
    assertThat(all.found()).isGreaterThan(score.found());
  }
}

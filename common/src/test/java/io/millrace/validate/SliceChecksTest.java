package io.millrace.validate;

import static io.millrace.validate.TestRows.column;
import static io.millrace.validate.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import io.millrace.config.CheckSpec;
import io.millrace.config.CheckSpec.LikeBefore.Measure;
import io.millrace.config.CheckSpec.OnFail;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Checks of slices as wholes. */
class SliceChecksTest {

  private static final ValidateContext CONTEXT =
      ValidateContext.of("shop", List.of(TestRows.SLICE));

  private static List<String> told(Dataset<Row> rows, ValidateContext context, CheckSpec check) {
    return Validator.validate(rows, List.of(check), context).results().stream()
        .map(r -> "%s %s: %s".formatted(r.check(), r.passed(), r.message()))
        .toList();
  }

  @Test
  void countsRows() {
    Dataset<Row> rows = TestRows.of("a int", column(1, 2));

    assertThat(told(rows, CONTEXT, rowCount(2, 2))).containsExactly("row-count true: 2 rows");
    assertThat(told(rows, CONTEXT, rowCount(3, 1_000)))
        .containsExactly("row-count false: 2 rows, expected from 3 to 1,000");
    assertThat(told(rows, CONTEXT, rowCount(0, 1)))
        .containsExactly("row-count false: 2 rows, expected from 0 to 1");
  }

  private static CheckSpec rowCount(long min, long max) {
    return new CheckSpec.RowCount(Optional.of(min), Optional.of(max), OnFail.STOP);
  }

  @Test
  void wantsFreshRows() {
    Dataset<Row> rows =
        TestRows.of(
            "t timestamp, d date, n int",
            row(Timestamp.valueOf("2026-03-02 12:00:00"), Date.valueOf("2026-03-01"), 1),
            row(null, null, 2));
    ValidateContext timed = CONTEXT.withTime(Optional.of("t"));

    assertThat(told(rows, timed, fresh(Optional.empty(), 12)))
        .containsExactly("fresh(t) true: the newest t is 2026-03-02T12:00:00Z");
    assertThat(told(rows, timed, fresh(Optional.empty(), 11)))
        .containsExactly(
            "fresh(t) false: the newest t is 2026-03-02T12:00:00Z, more than 11h before"
                + " 2026-03-03T00:00:00Z");
    assertThat(told(rows, timed, fresh(Optional.of("d"), 48)))
        .containsExactly("fresh(d) true: the newest d is 2026-03-01T00:00:00Z");
    assertThatThrownBy(() -> told(rows, CONTEXT, fresh(Optional.of("n"), 1)))
        .isInstanceOf(SpecException.class)
        .hasMessage("validate.shop: n is a int, no date or time; declare its type");
    assertThatThrownBy(() -> told(rows, CONTEXT, fresh(Optional.empty(), 1)))
        .isInstanceOf(SpecException.class)
        .hasMessageContaining("fresh needs a column of time");
  }

  private static CheckSpec fresh(Optional<String> column, int hours) {
    return new CheckSpec.Fresh(column, Duration.ofHours(hours), OnFail.WARN);
  }

  /** Seven slices on following days, of 10, 11, 9, 10, 11, 10 rows and one of as many as told. */
  private static Dataset<Row> week(int last) {
    int[] sizes = {10, 11, 9, 10, 11, 10, last};
    Dataset<Row> all = null;
    for (int s = 0; s < sizes.length; s++) {
      Object[][] rows = new Object[sizes[s]][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = row(i % 4 == 0 ? null : (double) i, "g" + (i + s) % 3);
      }
      Dataset<Row> slice = TestRows.ofSlice("run" + s, "x double, g string", rows);
      all = all == null ? slice : all.union(slice);
    }
    return all;
  }

  private static List<Slice> days(int from, int to) {
    List<Slice> slices = new ArrayList<>();
    for (int s = from; s < to; s++) {
      slices.add(TestRows.slice("run" + s, LocalDate.of(2026, 3, 1 + s)));
    }
    return slices;
  }

  @Test
  void comparesWithSlicesBefore() {
    List<Slice> slices = days(0, 7);
    ValidateContext context = ValidateContext.of("shop", slices);
    CheckSpec check = like(Measure.ROW_COUNT, Optional.empty());

    List<String> good = told(week(11), context, check);
    assertThat(good.get(3))
        .isEqualTo("like-before(row-count) true: 10; only 3 slices before, so nothing to compare");
    assertThat(good.get(6))
        .isEqualTo(
            "like-before(row-count) true: 11, from 8.5174 to 11.4826 as in the 6 slices before");
    assertThat(told(week(12), context, check).get(6))
        .isEqualTo(
            "like-before(row-count) false: 12, expected from 8.5174 to 11.4826 as in the 6 slices"
                + " before");
  }

  @Test
  void aBandThatCantCatchAFallSaysSo() {
    ValidateContext context = ValidateContext.of("shop", days(0, 7));

    assertThat(told(week(25), context, wide(Measure.ROW_COUNT, Optional.empty())).get(6))
        .isEqualTo(
            "like-before(row-count) false: 25, expected at most 24.826 as in the 6 slices before");
    assertThat(told(week(1), context, wide(Measure.ROW_COUNT, Optional.empty())).get(6))
        .isEqualTo("like-before(row-count) true: 1, at most 24.826 as in the 6 slices before");
    assertThat(told(week(9), context, wide(Measure.MAX, Optional.of("x"))).get(6))
        .contains(", from -");
  }

  private static CheckSpec wide(Measure measure, Optional<String> column) {
    return new CheckSpec.LikeBefore(measure, column, 14, 20, OnFail.WARN);
  }

  @Test
  void judgesASliceTheSameTogetherOrAlone() {
    List<Profile> before =
        Profiler.profile(week(0).where("run_id < 'run6'"), "raw/shop", days(0, 6), List.of("g"));
    List<Profile> stored = before.stream().map(p -> Profile.of(p.toRow())).toList();
    ValidateContext alone = ValidateContext.of("shop", days(6, 7)).withHistory(stored);
    ValidateContext together = ValidateContext.of("shop", days(0, 7));
    Dataset<Row> week = week(40).cache();
    Dataset<Row> last = week.where("run_id = 'run6'");
    for (Measure measure : Measure.values()) {
      Optional<String> column = measure == Measure.ROW_COUNT ? Optional.empty() : Optional.of("x");
      CheckSpec check = like(measure, column);

      List<String> apart = told(last, alone, check);
      assertThat(apart).containsExactly(told(week, together, check).get(6));
      boolean same = measure == Measure.MIN;
      assertThat(apart.get(0)).as(measure.name()).contains(same ? " true: " : " false: ");
    }
    assertThat(told(last, alone, like(Measure.DISTINCT, Optional.of("g"))))
        .containsExactly(
            "like-before(distinct of g) true: 3, from 3 to 3 as in the 6 slices before");
  }

  private static CheckSpec like(Measure measure, Optional<String> column) {
    return new CheckSpec.LikeBefore(measure, column, 14, 2, OnFail.WARN);
  }

  @Test
  void comparesWithTraining() {
    Object[][] rows = new Object[1_000][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row(i % 50 == 0 ? null : i % 100, "g" + i % 3, i % 2 == 0, (double) i);
    }
    String type = "age int, g string, flag boolean, gone double";
    List<Profile> training =
        Profiler.profile(
            TestRows.of(type, rows), "features/shop", List.of(TestRows.SLICE), List.of());
    ValidateContext context = CONTEXT.withTraining(training);
    for (int i = 0; i < rows.length; i++) {
      Object age = i < 15 ? (Object) 150 : i % 30 == 0 ? null : (Object) (1 + i % 99);
      rows[i] = row(age, i < 10 ? "new" : i == 20 ? null : "g1", i % 2 == 0 ? "true" : "false");
    }
    Dataset<Row> now = TestRows.of("age int, g string, flag string", rows);

    assertThat(told(now, context, new CheckSpec.LikeTraining(List.of(), 0.01, OnFail.STOP)))
        .containsExactly(
            "like-training(age) false: 15 of 1,000 rows (1.5%) unknown in training: above 99 (15"
                + " times)",
            "like-training(g) true: as in training: 1,000 rows",
            "like-training(flag) false: of type string, trained on boolean");
    assertThat(told(now, context, new CheckSpec.LikeTraining(List.of("g", "gone"), 0, OnFail.STOP)))
        .containsExactly(
            "like-training(g) false: 10 of 1,000 rows (1%) unknown in training: new (10 times)",
            "like-training(gone) false: the column is gone; the champion was trained on it");
    assertThat(told(now, CONTEXT, new CheckSpec.LikeTraining(List.of(), 0, OnFail.STOP))).isEmpty();
  }

  @Test
  void forgivesNullsThatChanceExplains() {
    assertThat(nulls(1_000, 20, 1_000, 25)).contains(" true: ");
    assertThat(nulls(1_000, 20, 1_000, 60))
        .isEqualTo("like-training(a) false: 6% null, 2% in training");
    assertThat(nulls(1_000, 0, 10, 1)).contains(" false: ");
  }

  private static String nulls(int rows, int nulls, int later, int laterNulls) {
    List<Profile> training =
        Profiler.profile(
            withNulls(rows, nulls), "features/shop", List.of(TestRows.SLICE), List.of());
    CheckSpec check = new CheckSpec.LikeTraining(List.of(), 0.01, OnFail.STOP);
    return told(withNulls(later, laterNulls), CONTEXT.withTraining(training), check).get(0);
  }

  private static Dataset<Row> withNulls(int rows, int nulls) {
    Object[][] values = new Object[rows][];
    for (int i = 0; i < rows; i++) {
      values[i] = row(i < nulls ? null : (Object) 1);
    }
    return TestRows.of("a int", values);
  }
}

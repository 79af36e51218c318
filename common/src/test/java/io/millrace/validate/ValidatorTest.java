package io.millrace.validate;

import static io.millrace.validate.TestRows.column;
import static io.millrace.validate.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.SpecException;
import io.millrace.TestSpark;
import io.millrace.config.CheckSpec;
import io.millrace.config.CheckSpec.OnFail;
import java.sql.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Checks of rows, each with values that keep it, break it, are null or lie at the edge. */
class ValidatorTest {

  private static final ValidateContext CONTEXT =
      ValidateContext.of("shop", List.of(TestRows.SLICE));

  private static ValidateResult validate(Dataset<Row> rows, CheckSpec... checks) {
    return Validator.validate(rows, List.of(checks), CONTEXT);
  }

  /** What one check says: passed, broken rows, message; then the broken rows and reasons. */
  private static List<String> told(Dataset<Row> rows, CheckSpec check) {
    ValidateResult result = validate(rows, check);
    List<String> told = new java.util.ArrayList<>();
    for (CheckResult r : result.results()) {
      told.add("%s %s %d: %s".formatted(r.check(), r.passed(), r.brokenRows(), r.message()));
    }
    for (Row row : result.broken().collectAsList()) {
      told.add(row.getString(1) + " " + row.getList(2));
    }
    assertThat(result.brokenRows()).isEqualTo(told.size() - result.results().size());
    return told;
  }

  @Test
  void findsNulls() {
    CheckSpec check = new CheckSpec.NotNull(List.of("a", "b"), 0, OnFail.QUARANTINE);
    Dataset<Row> rows =
        TestRows.of("a int, b string", row(1, "x"), row(null, ""), row(2, null), row(null, null));

    assertThat(told(rows, check))
        .containsExactly(
            "not-null(a, b) false 3: 3 of 4 rows (75%) break it: a, a, b, b",
            "r001 [not-null(a, b): a null]",
            "r002 [not-null(a, b): b null]",
            "r003 [not-null(a, b): a, b null]");
  }

  @Test
  void findsNumbersOutOfRange() {
    CheckSpec check =
        new CheckSpec.InRange("x", Optional.of(-1.0), Optional.of(2.5), 0, OnFail.QUARANTINE);
    double inf = Double.POSITIVE_INFINITY;
    Object[][] values = column(-1.0, 2.5, null, Double.NaN, 2.6, inf, -inf, -0.0, 2.6);

    assertThat(told(TestRows.of("x double", values), check))
        .containsExactly(
            "in-range(x) false 5: 5 of 9 rows (55.6%) break it: 2.6 (2 times), -Infinity,"
                + " Infinity, NaN",
            "r003 [in-range(x): x NaN]",
            "r004 [in-range(x): x 2.6]",
            "r005 [in-range(x): x Infinity]",
            "r006 [in-range(x): x -Infinity]",
            "r008 [in-range(x): x 2.6]");
  }

  @Test
  void findsOtherValues() {
    CheckSpec texts = new CheckSpec.OneOf("x", List.of("a", "é"), 0, OnFail.QUARANTINE);
    assertThat(told(TestRows.of("x string", column("a", "é", null, "A", "")), texts))
        .containsExactly(
            "one-of(x) false 2: 2 of 5 rows (40%) break it: \"\", A",
            "r003 [one-of(x): x A]", "r004 [one-of(x): x ]");
    CheckSpec numbers = new CheckSpec.OneOf("x", List.of("0", "7.0"), 0, OnFail.QUARANTINE);
    assertThat(told(TestRows.of("x double", column(7.0, -0.0, null, 7.5)), numbers))
        .containsExactly(
            "one-of(x) false 1: 1 of 4 rows (25%) break it: 7.5", "r003 [one-of(x): x 7.5]");
    CheckSpec flags = new CheckSpec.OneOf("x", List.of("true"), 0, OnFail.QUARANTINE);
    assertThat(told(TestRows.of("x boolean", column(true, false, null)), flags))
        .containsExactly(
            "one-of(x) false 1: 1 of 3 rows (33.3%) break it: false", "r001 [one-of(x): x false]");
  }

  @Test
  void findsTextsThatDontMatchAsAWhole() {
    CheckSpec check = new CheckSpec.Matches("x", "[A-Zé]{2}[0-9]+", 0, OnFail.QUARANTINE);
    assertThat(told(TestRows.of("x string", column("AB1", "éA12", null, "AB1 ", "", "ab1")), check))
        .containsExactly(
            "matches(x) false 3: 3 of 6 rows (50%) break it: \"\", AB1 , ab1",
            "r003 [matches(x): x AB1 ]", "r004 [matches(x): x ]", "r005 [matches(x): x ab1]");
    CheckSpec digits = new CheckSpec.Matches("x", "[0-9]{2}", 0, OnFail.QUARANTINE);
    assertThat(told(TestRows.of("x int", column(12, 123)), digits))
        .contains("r001 [matches(x): x 123]");
  }

  @Test
  @Timeout(60)
  void matchesPatternsThatExplodeElsewhere() {
    String text = "a".repeat(50_000) + "!";
    CheckSpec check = new CheckSpec.Matches("x", "(a+)+$", 0, OnFail.WARN);
    ValidateResult result = validate(TestRows.of("x string", column(text)), check);

    assertThat(result.results().get(0).brokenRows()).isEqualTo(1);
    assertThat(result.results().get(0).message())
        .isEqualTo("1 of 1 rows (100%) break it: " + "a".repeat(60) + "…");
    assertThat(result.brokenRows()).isZero();
  }

  @Test
  void breaksAConditionByFalseAlone() {
    CheckSpec check = new CheckSpec.Expression("order", "low <= high", 0, OnFail.QUARANTINE);
    Dataset<Row> rows =
        TestRows.of("low int, high int", row(1, 2), row(2, 1), row(null, 1), row(1, 1));

    assertThat(told(rows, check))
        .containsExactly(
            "expression(order) false 1: 1 of 4 rows (25%) break it: false",
            "r001 [expression(order): false]");
  }

  @Test
  void findsRowsOfTheSameKey() {
    CheckSpec check = new CheckSpec.Unique(List.of("a", "b"), 0, OnFail.QUARANTINE);
    Dataset<Row> rows =
        TestRows.of(
            "a double, b string",
            row(1.0, "x"),
            row(0.0, "x"),
            row(-0.0, "x"),
            row(null, "x"),
            row(null, "x"),
            row(Double.NaN, "y"),
            row(Double.NaN, "y"));

    assertThat(told(rows, check))
        .containsExactly(
            "unique(a, b) false 4: 4 of 7 rows (57.1%) break it: a 0, b x (2 times), a NaN, b y (2"
                + " times)",
            "r001 [unique(a, b): a 0, b x]",
            "r002 [unique(a, b): a 0, b x]",
            "r005 [unique(a, b): a NaN, b y]",
            "r006 [unique(a, b): a NaN, b y]");
  }

  @Test
  void judgesKeysBySlice() {
    CheckSpec check = new CheckSpec.Unique(List.of("a"), 0, OnFail.QUARANTINE);
    Dataset<Row> rows =
        TestRows.ofSlice("run1", "a int", column(1, 2))
            .union(TestRows.ofSlice("run2", "a int", column(1, 3, 3)));
    List<Slice> slices = List.of(TestRows.SLICE, TestRows.slice("run2", TestRows.DAY.plusDays(1)));
    ValidateResult result =
        Validator.validate(rows, List.of(check), ValidateContext.of("shop", slices));

    assertThat(result.results()).extracting(CheckResult::brokenRows).containsExactly(0L, 2L);
    assertThat(result.broken().select("run_id", "_row_id").collectAsList().toString())
        .isEqualTo("[[run2,r001], [run2,r002]]");
  }

  @Test
  void findsValuesUnknownToAnotherSource() {
    CheckSpec check =
        new CheckSpec.ExistsIn(List.of("a"), "others", List.of("id"), 0, OnFail.QUARANTINE);
    Dataset<Row> others =
        TestSpark.session()
            .createDataset(List.of(1L, 1L, 2L), org.apache.spark.sql.Encoders.LONG())
            .toDF("id");
    Dataset<Row> rows = TestRows.of("a int", column(1, 2, 3, null));
    ValidateResult result =
        Validator.validate(rows, List.of(check), CONTEXT.withSources(Map.of("others", others)));

    assertThat(result.results().get(0).message()).isEqualTo("1 of 4 rows (25%) break it: 3");
    assertThat(result.broken().first().getList(2))
        .isEqualTo(List.of("exists-in(a in others): a 3"));
    assertThat(result.profiles()).extracting(Profile::column).containsExactly("a");
  }

  @Test
  void findsValuesThatMostRowsContradict() {
    CheckSpec check = new CheckSpec.Determines(List.of("zip"), "state", 0, OnFail.QUARANTINE);
    Dataset<Row> rows =
        TestRows.of(
            "zip string, state string",
            row("1", "MA"),
            row("1", "MA"),
            row("1", "NY"),
            row("2", "CA"),
            row("2", "CO"),
            row("3", "TX"),
            row("1", null),
            row(null, "NY"),
            row("3", "TX"));

    assertThat(told(rows, check))
        .containsExactly(
            "determines(zip -> state) false 3: 3 of 9 rows (33.3%) break it: CA, CO, NY",
            "r002 [determines(zip -> state): state NY]",
            "r003 [determines(zip -> state): state CA]",
            "r004 [determines(zip -> state): state CO]");
  }

  @Test
  void findsOutliersByTukeysFences() {
    CheckSpec check = new CheckSpec.NoOutliers("x", 3, 0, OnFail.QUARANTINE);
    Object[][] values =
        column(
            10.0,
            11.0,
            12.0,
            13.0,
            14.0,
            15.0,
            16.0,
            17.0,
            200.0,
            null,
            Double.NaN,
            -90.0,
            Double.NEGATIVE_INFINITY);

    assertThat(told(TestRows.of("x double", values), check))
        .containsExactly(
            "no-outliers(x) false 3: 3 of 13 rows (23.1%) break it: -90, -Infinity, 200",
            "r008 [no-outliers(x): x 200]",
            "r011 [no-outliers(x): x -90]",
            "r012 [no-outliers(x): x -Infinity]");
    Object[][] days =
        column(
            Date.valueOf("2026-01-01"),
            Date.valueOf("2026-01-02"),
            Date.valueOf("2026-01-03"),
            Date.valueOf("2026-01-04"),
            Date.valueOf("2062-01-03"));
    assertThat(told(TestRows.of("x date", days), check))
        .contains("r004 [no-outliers(x): x 2062-01-03]");
  }

  @Test
  void tellsAllRulesThatARowBreaks() {
    Dataset<Row> rows =
        TestRows.of(
            "a int, b string, c date", row(-1, "x", Date.valueOf("2026-03-01")), row(1, "y", null));
    ValidateResult result =
        validate(
            rows,
            new CheckSpec.InRange("a", Optional.of(0.0), Optional.empty(), 0, OnFail.WARN),
            new CheckSpec.OneOf("b", List.of("y"), 0, OnFail.QUARANTINE),
            new CheckSpec.NotNull(List.of("c"), 0, OnFail.WARN));

    assertThat(result.broken().collectAsList().toString())
        .isEqualTo(
            "[[run1,r000,ArraySeq(in-range(a): a -1, one-of(b): b x),"
                + "{\"a\":-1,\"b\":\"x\",\"c\":\"2026-03-01\"}]]");
    assertThat(result.brokenRows()).isEqualTo(1);
    assertThat(result.results())
        .extracting(CheckResult::passed)
        .containsExactly(false, false, false);
    assertThat(result.stops()).isEmpty();
  }

  @Test
  void toleratesAShareOfBrokenRows() {
    Dataset<Row> rows = TestRows.of("a int", column(1, null, 3, 4));
    ValidateResult result =
        validate(
            rows,
            new CheckSpec.NotNull(List.of("a"), 0.25, OnFail.QUARANTINE),
            new CheckSpec.NotNull(List.of("a"), 0.2, OnFail.STOP));

    assertThat(result.results())
        .extracting(CheckResult::check, CheckResult::passed, CheckResult::message)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "not-null(a)", true, "1 of 4 rows (25%) break it, no more than the 25% allowed: a"),
            org.assertj.core.groups.Tuple.tuple(
                "not-null(a)#2",
                false,
                "1 of 4 rows (25%) break it, more than the 20% allowed: a"));
    assertThat(result.brokenRows()).isEqualTo(1);
    assertThat(result.stops()).extracting(CheckResult::check).containsExactly("not-null(a)#2");
  }

  @Test
  void namesFaultsOfChecks() {
    Dataset<Row> rows = TestRows.of("age int, name string", row(1, "x"));
    assertFault(
        rows,
        new CheckSpec.NotNull(List.of("age", "agge"), 0, OnFail.WARN),
        "validate.shop[0].columns: no column agge; did you mean age?");
    assertFault(
        rows,
        new CheckSpec.InRange("name", Optional.of(0.0), Optional.empty(), 0, OnFail.WARN),
        "validate.shop[0].column: name is a string, no number; declare its type as double, or take"
            + " another check");
    assertFault(
        rows,
        new CheckSpec.OneOf("age", List.of("1", "x"), 0, OnFail.WARN),
        "validate.shop[0].values[1]: x isn't a number, as age holds them; correct it");
    assertFault(
        rows,
        new CheckSpec.Expression("e", "agge > 1", 0, OnFail.WARN),
        "validate.shop[0].expression: `agge > 1` can't be read: there is no column agge; did you"
            + " mean age?");
    assertFault(
        rows,
        new CheckSpec.Expression("e", "age + 1", 0, OnFail.WARN),
        "validate.shop[0].expression: `age + 1` is a int, no condition; compare it with something");
    assertFault(
        rows,
        new CheckSpec.Expression("e", "sum(age) > 1", 0, OnFail.WARN),
        "validate.shop[0].expression: `sum(age) > 1` looks beyond its row; take unique, determines"
            + " or exists-in");
    assertFault(
        rows,
        new CheckSpec.NoOutliers("name", 3, 0, OnFail.WARN),
        "validate.shop[0].column: name holds no numbers; take another check");
  }

  private static void assertFault(Dataset<Row> rows, CheckSpec check, String message) {
    assertThatThrownBy(() -> validate(rows, check))
        .isInstanceOf(SpecException.class)
        .hasMessage(message);
  }

  @Test
  void judgesASliceWithoutRows() {
    Dataset<Row> rows = TestRows.of("a int, t timestamp");
    ValidateResult result =
        validate(
            rows,
            new CheckSpec.NotNull(List.of("a"), 0, OnFail.QUARANTINE),
            new CheckSpec.Unique(List.of("a"), 0, OnFail.QUARANTINE),
            new CheckSpec.NoOutliers("a", 3, 0, OnFail.QUARANTINE),
            new CheckSpec.RowCount(Optional.of(1L), Optional.empty(), OnFail.STOP),
            new CheckSpec.Fresh(Optional.of("t"), java.time.Duration.ofDays(1), OnFail.STOP));

    assertThat(result.results())
        .extracting(CheckResult::message)
        .containsExactly(
            "no rows",
            "no rows",
            "no rows",
            "0 rows, expected at least 1",
            "no time in t, expected one not before 2026-03-02T00:00:00Z");
    assertThat(result.broken().collectAsList()).isEmpty();
    assertThat(result.profiles()).extracting(p -> p.measures().rows()).containsExactly(0L, 0L);
  }
}

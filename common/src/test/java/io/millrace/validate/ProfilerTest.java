package io.millrace.validate;

import static io.millrace.validate.TestRows.column;
import static io.millrace.validate.TestRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.TestSpark;
import io.millrace.stats.LogHistogram;
import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;

/** Measures of columns, beside what Spark's own aggregates say of the same rows. */
class ProfilerTest {

  private static final List<Slice> SLICES = List.of(TestRows.SLICE);

  private static ColumnMeasures measure(Dataset<Row> rows) {
    String last = rows.columns()[rows.columns().length - 1];
    return Profiler.measure(rows, List.of(last)).get(last);
  }

  /** Doubles with all that they can hold, texts of few and of many values, days and times. */
  private static Dataset<Row> mixed(int rows) {
    Random random = new Random(7);
    List<Object[]> values = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      double x = random.nextGaussian() * Math.pow(10, random.nextInt(8) - 2);
      long day = 1_000_000_000_000L + random.nextInt(1_000) * 86_400_000L;
      values.add(
          row(
              i % 17 == 0 ? null : i % 31 == 0 ? Double.NaN : i % 101 == 0 ? 1 / 0.0 : x,
              i % 5 == 0 ? null : random.nextInt(40),
              random.nextLong(),
              "k" + random.nextInt(5),
              i % 7 == 0 ? null : "Ä " + random.nextInt(5_000) + "-x",
              i % 3 == 0 ? null : random.nextBoolean(),
              new Date(day),
              new Timestamp(day + random.nextInt(86_400_000)),
              new BigDecimal(random.nextInt(1_000)).movePointLeft(2)));
    }
    return TestRows.of(
        "x double, n int, id bigint, kind string, code string, flag boolean, day date,"
            + " at timestamp, price decimal(10,2)",
        values.toArray(Object[][]::new));
  }

  @Test
  void agreesWithAggregatesOfSpark() {
    Dataset<Row> rows = mixed(3_000).cache();
    for (Profile profile : Profiler.profile(rows, "raw/shop", SLICES, List.of())) {
      ColumnMeasures m = profile.measures();
      String name = profile.column();
      boolean real = name.equals("x");
      String finite = real ? "if(isnan(x) or abs(x) = double('inf'), null, x)" : name;
      Row spark =
          rows.selectExpr(
                  "count(*)",
                  "count_if(%s is null)".formatted(name),
                  "count(distinct %s)".formatted(name),
                  "cast(min(%s) as string)".formatted(finite),
                  "cast(max(%s) as string)".formatted(finite))
              .first();
      assertThat(m.rows()).isEqualTo(spark.getLong(0));
      assertThat(m.nulls()).as(name).isEqualTo(spark.getLong(1));
      double error = m.knowsAllValues() ? 0 : 0.06;
      assertThat((double) m.distinct().orElseThrow())
          .as(name)
          .isCloseTo(spark.getLong(2), within(error * spark.getLong(2)));
      if (!real && !name.equals("at") && !name.equals("price")) {
        assertThat(m.min().orElseThrow()).isEqualTo(spark.getString(3));
        assertThat(m.max().orElseThrow()).isEqualTo(spark.getString(4));
      }
      assertNumbers(rows, name, finite, m);
    }
  }

  private static void assertNumbers(
      Dataset<Row> rows, String name, String finite, ColumnMeasures measures) {
    if (!(measures instanceof NumberMeasures numbers)) {
      return;
    }
    String number =
        switch (name) {
          case "day" -> "unix_date(day)";
          case "at" -> "unix_micros(at)";
          default -> finite;
        };
    Dataset<Row> sorted =
        rows.selectExpr("cast(%s as double) v".formatted(number)).where("v is not null").sort("v");
    double[] all = sorted.collectAsList().stream().mapToDouble(r -> r.getDouble(0)).toArray();
    double mean = 0;
    double squares = 0;
    for (double x : all) {
      mean += x / all.length;
    }
    for (double x : all) {
      squares += (x - mean) * (x - mean);
    }
    double scale = Math.max(Math.abs(all[0]), Math.abs(all[all.length - 1]));
    assertThat(numbers.mean().orElseThrow()).as(name).isCloseTo(mean, within(1e-12 * scale));
    double stddev = Math.sqrt(squares / (all.length - 1));
    assertThat(numbers.stddev().orElseThrow()).isCloseTo(stddev, within(1e-10 * stddev));
    for (double q : List.of(0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)) {
      double exact = all[(int) Math.max(0, Math.ceil(q * all.length) - 1)];
      double found = numbers.quantile(q).orElseThrow();
      double most = 1.000001 * LogHistogram.RELATIVE_ERROR * Math.abs(exact);
      double error = numbers.knowsAllValues() ? 0 : most;
      assertThat(found).as("%s at %s", name, q).isCloseTo(exact, within(error));
    }
  }

  @Test
  void givesTheSameBitsForAllPartitionsAndOrders() {
    Dataset<Row> rows = mixed(3_000);
    List<Map<String, Object>> once = rows(rows.repartition(1));

    assertThat(rows(rows.repartition(3).sort("x"))).isEqualTo(once);
    assertThat(rows(rows.repartition(7, functions.col("code")))).isEqualTo(once);
    assertThat(rows(rows.orderBy(functions.rand(3)))).isEqualTo(once);
  }

  private static List<Map<String, Object>> rows(Dataset<Row> rows) {
    return Profiler.profile(rows, "raw/shop", SLICES, List.of("kind", "flag")).stream()
        .map(Profile::toRow)
        .toList();
  }

  @Test
  void measuresByTheValuesOfAColumn() {
    Dataset<Row> rows =
        TestRows.of("g string, x int", row("b", 1), row("a", 2), row(null, 3), row("a", 5));
    List<Profile> profiles = Profiler.profile(rows, "raw/shop", SLICES, List.of("g"));

    assertThat(profiles)
        .filteredOn(p -> p.column().equals("x"))
        .extracting(
            p -> p.sliceColumn().orElse("") + p.sliceValue().orElse("-"),
            p -> p.measures().rows(),
            p -> p.measures().mean().orElseThrow())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("-", 4L, 2.75),
            org.assertj.core.groups.Tuple.tuple("ga", 2L, 3.5),
            org.assertj.core.groups.Tuple.tuple("gb", 1L, 1.0),
            org.assertj.core.groups.Tuple.tuple("g-", 1L, 3.0));
    Map<String, Map<String, ColumnMeasures>> by = Profiler.measureBy(rows, List.of("x"), "g");
    assertThat(by.keySet()).containsExactly("", "a", "b");
    assertThat(by.get("a").get("x").mean()).hasValue(3.5);
  }

  @Test
  void leavesOutASliceColumnOfTooManyValues() {
    Dataset<Row> rows =
        TestSpark.session()
            .range(0, 101, 1, 3)
            .selectExpr("'run1' run_id", "string(id) _row_id", "id", "id % 100 part");

    assertThat(Profiler.profile(rows, "raw/shop", SLICES, List.of("id"))).hasSize(2);
    assertThat(Profiler.profile(rows, "raw/shop", SLICES, List.of("part"))).hasSize(202);
  }

  @Test
  void measuresTexts() {
    String[] values = {"Main 12-34", "Straße 7", "x", "", "ab\tc", "日本 5"};
    ColumnMeasures m = measure(TestRows.of("x string", column((Object[]) values)));

    assertThat(m.minLength()).hasValue(0);
    assertThat(m.maxLength()).hasValue(10);
    assertThat(m.meanLength()).hasValue(27 / 6.0);
    assertThat(m.patterns(9))
        .extracting(ValueCount::value)
        .containsExactly("", "Aa 9", "Aa 9-9", "a", "a 9", "a?a");
    assertThat(m.min()).hasValue("");
    assertThat(m.max()).hasValue("日本 5");
  }

  @Test
  void measuresTextsOfTenMillionCharacters() {
    Dataset<Row> rows =
        TestRows.of("x string", row("short"))
            .selectExpr("run_id", "_row_id", "repeat('Ab1é', 2500000) x");
    ColumnMeasures m = measure(rows);

    assertThat(m.maxLength()).hasValue(10_000_000);
    assertThat(m.toBytes().length).isLessThan(2_000);
    assertThat(m.patterns(1).get(0).value()).startsWith("Aa9a").endsWith("…");
  }

  @Test
  void measuresAThousandColumns() {
    List<org.apache.spark.sql.Column> columns = new ArrayList<>();
    columns.add(functions.lit("run1").as("run_id"));
    for (int i = 0; i < 1_000; i++) {
      columns.add(functions.expr("id * " + i).as("c." + i));
    }
    Dataset<Row> rows =
        TestSpark.session()
            .range(0, 100, 1, 2)
            .select(columns.toArray(org.apache.spark.sql.Column[]::new));
    List<Profile> profiles = Profiler.profile(rows, "raw/wide", SLICES, List.of());

    assertThat(profiles).hasSize(1_000);
    assertThat(profiles.get(999).measures().max()).hasValue("98901");
    assertThat(profiles.get(999).measures().rows()).isEqualTo(100);
  }

  @Test
  void measuresNothingWhereThereIsNothing() {
    Dataset<Row> rows =
        TestRows.of(
            "a double, b string, c date, d array<int>, e boolean",
            row(null, null, null, null, null),
            row(null, null, null, List.of(1), null));
    List<Profile> profiles = Profiler.profile(rows, "raw/shop", SLICES, List.of());

    assertThat(profiles).extracting(p -> p.measures().nulls()).containsExactly(2L, 2L, 2L, 1L, 2L);
    assertThat(profiles).allMatch(p -> p.measures().min().isEmpty());
    assertThat(profiles).allMatch(p -> p.measures().mean().isEmpty());
    assertThat(profiles).allMatch(p -> p.measures().quantile(0.5).isEmpty());
    assertThat(profiles).allMatch(p -> p.measures().topValues(9).isEmpty());
    assertThat(Profiler.profile(rows.limit(0), "raw/shop", SLICES, List.of()))
        .allMatch(p -> p.measures().rows() == 0 && p.measures().nullShare().isEmpty());
    assertThat(Profiler.measure(rows.limit(0), List.of("b")).get("b").rows()).isZero();
  }

  @Test
  void tellsTimesInIso() {
    Dataset<Row> rows =
        TestRows.of(
            "d date, t timestamp",
            row(Date.valueOf("1969-12-31"), Timestamp.valueOf("2026-03-01 10:00:00.5")),
            row(Date.valueOf("2026-03-01"), Timestamp.valueOf("2026-03-02 00:00:00")));
    List<Profile> profiles = Profiler.profile(rows, "raw/shop", SLICES, List.of());

    assertThat(profiles.get(0).measures().min()).hasValue("1969-12-31");
    assertThat(profiles.get(0).measures().quantile(0.5)).hasValue(-1);
    assertThat(profiles.get(0).measures().topValues(1))
        .containsExactly(new ValueCount("1969-12-31", 1));
    assertThat(profiles.get(1).measures().min()).hasValue("2026-03-01T10:00:00.500Z");
    assertThat(profiles.get(1).measures().max()).hasValue("2026-03-02T00:00:00Z");
  }

  @Test
  void comesBackFromItsRow() {
    Dataset<Row> rows = mixed(500);
    List<String> names = Profile.columns().stream().map(StructField::name).toList();
    for (Profile profile : Profiler.profile(rows, "raw/shop", SLICES, List.of("kind"))) {
      Map<String, Object> row = profile.toRow();

      assertThat(row.keySet()).containsExactlyElementsOf(names);
      assertThat(Profile.of(row).toRow()).isEqualTo(row);
    }
  }

  @Test
  void mergesStoredProfiles() {
    Dataset<Row> rows = mixed(900);
    List<Profile> whole = Profiler.profile(rows, "raw/shop", SLICES, List.of());
    List<Profile> low = Profiler.profile(rows.where("n < 20"), "raw/shop", SLICES, List.of());
    List<Profile> rest =
        Profiler.profile(rows.where("not n < 20 or n is null"), "raw/shop", SLICES, List.of());

    for (int i = 0; i < whole.size(); i++) {
      Profile merged = Profile.of(low.get(i).toRow()).merge(Profile.of(rest.get(i).toRow()));
      assertThat(merged.toRow()).isEqualTo(whole.get(i).toRow());
    }
    assertThatThrownBy(() -> whole.get(0).merge(whole.get(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("profiles of x double and n int can't be merged");
  }

  @Test
  void refusesBytesOfSomethingElse() {
    byte[] good = measure(TestRows.of("x int", column(1, 2, null))).toBytes();

    assertThatThrownBy(() -> ColumnMeasures.of(java.util.Arrays.copyOf(good, good.length - 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too few of them");
    assertThatThrownBy(() -> ColumnMeasures.of(java.util.Arrays.copyOf(good, good.length + 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more of them than belong together");
    assertThatThrownBy(() -> ColumnMeasures.of(new byte[] {'?'}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of no known kind");
    assertThat(
            new Profile(
                    "t",
                    "r",
                    LocalDate.EPOCH,
                    Optional.empty(),
                    Optional.empty(),
                    "c",
                    "int",
                    ColumnMeasures.of(good))
                .measures()
                .mean())
        .hasValue(1.5);
  }
}

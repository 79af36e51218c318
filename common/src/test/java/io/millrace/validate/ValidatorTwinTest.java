package io.millrace.validate;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.TestSpark;
import io.millrace.config.CheckSpec;
import io.millrace.config.CheckSpec.OnFail;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/**
 * All checks over random rows of two slices, beside plain loops; and more rows than are carried.
 */
class ValidatorTwinTest {

  private record Line(String run, String id, Double x, String kind, String zip, String city) {}

  private static final List<Slice> SLICES =
      List.of(TestRows.SLICE, TestRows.slice("run2", TestRows.DAY.plusDays(1)));

  private static final List<CheckSpec> CHECKS =
      List.of(
          new CheckSpec.NotNull(List.of("x"), 0, OnFail.QUARANTINE),
          new CheckSpec.InRange("x", Optional.of(-2.0), Optional.of(2.0), 0, OnFail.QUARANTINE),
          new CheckSpec.OneOf("kind", List.of("a", "b"), 0, OnFail.WARN),
          new CheckSpec.Matches("zip", "z[0-9]+", 0, OnFail.QUARANTINE),
          new CheckSpec.Expression("same", "kind = substr(city, 1, 1)", 0, OnFail.WARN),
          new CheckSpec.Unique(List.of("zip", "city"), 0, OnFail.QUARANTINE),
          new CheckSpec.Determines(List.of("zip"), "city", 0, OnFail.QUARANTINE));

  private static List<Line> lines() {
    Random random = new Random(3);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      int zip = random.nextInt(600);
      String city = random.nextInt(20) == 0 ? "a" + random.nextInt(3) : "b" + zip % 50;
      Double odd = random.nextBoolean() ? null : (Double) Double.NaN;
      lines.add(
          new Line(
              "run" + (1 + random.nextInt(2)),
              "id%04d".formatted(i),
              random.nextInt(30) == 0 ? odd : (Double) random.nextGaussian(),
              random.nextInt(25) == 0 ? null : "abc".substring(random.nextInt(3)).substring(0, 1),
              random.nextInt(25) == 0 ? null : (random.nextInt(40) == 0 ? "y" : "z") + zip,
              random.nextInt(25) == 0 ? null : city));
    }
    return lines;
  }

  private static Dataset<Row> rows(List<Line> lines) {
    List<Row> rows = new ArrayList<>();
    for (Line l : lines) {
      rows.add(RowFactory.create(l.run, l.id, l.x, l.kind, l.zip, l.city));
    }
    return TestSpark.session()
        .createDataFrame(
            rows,
            StructType.fromDDL(
                "run_id string, _row_id string, x double, kind string, zip string, city string"));
  }

  /** The rules that each line breaks, by run and id, in the order of the checks. */
  private static Map<String, List<String>> twin(List<Line> lines) {
    Map<String, Integer> keys = new HashMap<>();
    Map<String, Map<String, Integer>> cities = new HashMap<>();
    for (Line l : lines) {
      if (l.zip != null && l.city != null) {
        keys.merge(l.run + l.zip + " " + l.city, 1, Integer::sum);
        cities.computeIfAbsent(l.run + l.zip, z -> new HashMap<>()).merge(l.city, 1, Integer::sum);
      }
    }
    Map<String, Predicate<Line>> rules = new LinkedHashMap<>();
    rules.put("not-null(x)", l -> l.x == null);
    rules.put("in-range(x)", l -> l.x != null && !(Math.abs(l.x) <= 2));
    rules.put("one-of(kind)", l -> l.kind != null && !l.kind.matches("[ab]"));
    rules.put("matches(zip)", l -> l.zip != null && !l.zip.matches("z[0-9]+"));
    rules.put(
        "expression(same)",
        l -> l.kind != null && l.city != null && !l.kind.equals(l.city.substring(0, 1)));
    rules.put("unique(zip, city)", l -> keys.getOrDefault(l.run + l.zip + " " + l.city, 0) > 1);
    rules.put("determines(zip -> city)", l -> isOutvoted(l, cities));
    Map<String, List<String>> broken = new TreeMap<>();
    for (Line l : lines) {
      List<String> names = rules.keySet().stream().filter(name -> rules.get(name).test(l)).toList();
      if (!names.isEmpty()) {
        broken.put(l.run + " " + l.id, names);
      }
    }
    return broken;
  }

  private static boolean isOutvoted(Line l, Map<String, Map<String, Integer>> cities) {
    if (l.zip == null || l.city == null) {
      return false;
    }
    Map<String, Integer> counts = cities.get(l.run + l.zip);
    int own = counts.get(l.city);
    long asMany = counts.values().stream().filter(n -> n >= own).count();
    return asMany > 1;
  }

  private static Map<String, List<String>> names(Dataset<Row> broken) {
    Map<String, List<String>> names = new TreeMap<>();
    for (Row row : broken.collectAsList()) {
      List<String> rules =
          row.<String>getList(2).stream().map(r -> r.replaceAll(": .*", "")).toList();
      names.put(row.getString(0) + " " + row.getString(1), rules);
    }
    return names;
  }

  @Test
  void agreesWithLoops() {
    List<Line> lines = lines();
    ValidateResult result =
        Validator.validate(rows(lines), CHECKS, ValidateContext.of("shop", SLICES));
    Map<String, List<String>> expected = twin(lines);
    for (CheckResult r : result.results()) {
      long broken =
          expected.entrySet().stream()
              .filter(e -> e.getKey().startsWith(r.sliceRunId()))
              .filter(e -> e.getValue().contains(r.check()))
              .count();
      assertThat(r.brokenRows()).as(r.sliceRunId() + " " + r.check()).isEqualTo(broken);
      assertThat(broken).isPositive();
    }
    expected.values().removeIf(l -> List.of("one-of(kind)", "expression(same)").containsAll(l));
    assertThat(names(result.broken())).isEqualTo(expected);
    assertThat(result.brokenRows()).isEqualTo(expected.size());
  }

  @Test
  void tellsTheSameForAllPartitionsAndOrders() {
    Dataset<Row> rows = rows(lines());
    List<Object> once = all(rows.repartition(1));

    assertThat(all(rows.repartition(3).sort("x"))).isEqualTo(once);
    assertThat(all(rows.repartition(7, functions.col("zip")))).isEqualTo(once);
  }

  private static List<Object> all(Dataset<Row> rows) {
    ValidateResult result = Validator.validate(rows, CHECKS, ValidateContext.of("shop", SLICES));
    return List.of(
        result.results(),
        result.broken().collectAsList(),
        result.profiles().stream().map(Profile::toRow).toList());
  }

  @Test
  void findsMoreRowsThanAScanCarries() {
    long count = Validator.CARRIED + 1;
    Dataset<Row> rows =
        TestSpark.session()
            .range(0, count, 1, 4)
            .selectExpr("'run1' run_id", "string(id) _row_id", "double(id + 0.123456) x", "1 one");
    ValidateResult result =
        Validator.validate(
            rows,
            List.of(
                new CheckSpec.InRange(
                    "x", Optional.empty(), Optional.of(0.0), 0, OnFail.QUARANTINE),
                new CheckSpec.Unique(List.of("x"), 0, OnFail.WARN)),
            ValidateContext.of("shop", List.of(TestRows.SLICE)));

    assertThat(result.brokenRows()).isEqualTo(count);
    assertThat(result.broken().count()).isEqualTo(count);
    assertThat(result.broken().where("_row_id = '7'").first().toString())
        .isEqualTo("[run1,7,ArraySeq(in-range(x): x 7.123456),{\"x\":7.123456,\"one\":1}]");
    assertThat(result.results()).extracting(CheckResult::passed).containsExactly(false, true);
  }
}

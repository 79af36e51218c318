package io.millrace.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.config.MonitorSpec.Distance;
import io.millrace.config.MonitorSpec.Limits;
import io.millrace.monitor.Watched.Against;
import io.millrace.monitor.Watched.Kind;
import io.millrace.validate.ColumnMeasures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

class DriftJudgeTest {

  private static ColumnDrift judge(ColumnMeasures reference, ColumnMeasures current) {
    return judge(reference, current, Distance.PSI);
  }

  private static ColumnDrift judge(
      ColumnMeasures reference, ColumnMeasures current, Distance metric) {
    List<Watched> one = List.of(Columns.feature("x", reference, current));
    return DriftJudge.judge(one, Columns.spec(metric, 0.1, 0.25)).get(0);
  }

  private static ColumnMeasures normal(long seed, int size, double mean) {
    Random random = new Random(seed);
    return Columns.numbers(DoubleStream.generate(() -> mean + random.nextGaussian()).limit(size));
  }

  /** So many of each: {@code a, b, c, …}. */
  private static ColumnMeasures letters(int... counts) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      values.addAll(Collections.nCopies(counts[i], String.valueOf((char) ('a' + i))));
    }
    return Columns.texts(values);
  }

  private static ColumnMeasures flags(int trues, int falses) {
    return Columns.measures(
        DataTypes.BooleanType,
        Stream.concat(
                Collections.nCopies(trues, true).stream(),
                Collections.nCopies(falses, false).stream())
            .toList());
  }

  @Test
  void numbersThatMoveAreFound() {
    assertThat(judge(normal(1, 2000, 0), normal(2, 2000, 0)).verdict()).isEqualTo(Verdict.OK);
    assertThat(judge(normal(1, 2000, 0), normal(2, 2000, 0.4)).verdict()).isEqualTo(Verdict.WARN);
    ColumnDrift stop = judge(normal(1, 2000, 0), normal(2, 2000, 1));
    assertThat(stop.verdict()).isEqualTo(Verdict.STOP);
    assertThat(stop.measures()).extracting(Measure::metric).containsExactly(Distance.values());
  }

  @Test
  void psiIsThatOfTheBins() {
    ColumnDrift drift = judge(letters(500, 300, 200), letters(300, 400, 300));
    Measure psi = drift.judged().orElseThrow();
    assertThat(psi.value()).isCloseTo(0.1714, within(1e-3));
    assertThat(psi.byChance()).isCloseTo(0.004, within(1e-12));
    assertThat(psi.beyondChance()).isEqualTo(psi.value() - psi.byChance());
    assertThat(drift.message())
        .isEqualTo(
            "x: psi 0.17 (chance 0.0040), a went from 50.0% to 30.0%, b went from 30.0% to 40.0%");
    assertThat(drift.binsJson())
        .isEqualTo(
            "{\"current\":[300,400,300],\"labels\":[\"a\",\"b\",\"c\"],\"new\":{},"
                + "\"reference\":[500,300,200],\"vanished\":{}}");
  }

  @Test
  void missingValuesAreABin() {
    ColumnMeasures full = Columns.numbers(IntStream.range(0, 1000).mapToDouble(i -> i % 7));
    List<Double> holes = new ArrayList<>();
    IntStream.range(0, 1000).forEach(i -> holes.add(i % 4 == 0 ? null : (double) (i % 7)));
    holes.set(1, Double.NaN);
    ColumnDrift drift = judge(full, Columns.numbers(holes));
    assertThat(drift.verdict()).isEqualTo(Verdict.STOP);
    assertThat(drift.message()).contains("(missing) went from 0% to 25.1%");
    assertThat(drift.missingShare()).isEqualTo(0.251);
    assertThat(drift.referenceMissingShare()).isZero();
    ColumnDrift byKs = judge(full, Columns.numbers(holes), Distance.KOLMOGOROV_SMIRNOV);
    assertThat(byKs.verdict()).isEqualTo(Verdict.WARN);
    assertThat(byKs.judged().orElseThrow().value()).isCloseTo(0.251, within(1e-9));
  }

  @Test
  void newAndVanishedCategoriesAreNamed() {
    ColumnDrift drift =
        judge(letters(500, 500, 20, 1, 1, 1, 1), letters(500, 0, 20, 0, 0, 0, 0, 480));
    assertThat(drift.verdict()).isEqualTo(Verdict.STOP);
    assertThat(drift.message())
        .endsWith(
            "b went from 48.8% to 0%, h went from 0% to 48.0%, new: h (480), vanished: b (500),"
                + " d (1), e (1) and 2 more");
    assertThat(drift.binsJson())
        .contains("\"new\":{\"h\":480}", "\"vanished\":{\"b\":500,\"d\":1,", "\"(rare)\"");
  }

  @Test
  void truthValuesAreCategories() {
    ColumnDrift drift = judge(flags(900, 100), flags(700, 300));
    assertThat(drift.message())
        .isEqualTo(
            "x: psi 0.27 (chance 0.0020), true went from 90.0% to 70.0%, false went from 10.0% to"
                + " 30.0%");
    ColumnDrift byKs = judge(flags(900, 100), flags(700, 300), Distance.KOLMOGOROV_SMIRNOV);
    assertThat(byKs.metric()).as("what categories haven't").isEqualTo(Distance.PSI);
    assertThat(byKs.verdict()).isEqualTo(Verdict.STOP);
  }

  @Test
  void anotherTypeStops() {
    ColumnDrift drift = judge(normal(1, 100, 0), letters(100));
    assertThat(drift.verdict()).isEqualTo(Verdict.STOP);
    assertThat(drift.message()).isEqualTo("x: texts, but numbers in the reference");
    assertThat(drift.judged()).isEmpty();
    assertThat(drift.rows())
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("verdict", "stop"))
        .satisfies(row -> assertThat(row).containsEntry("metric", "psi"))
        .satisfies(row -> assertThat(row).containsEntry("value", null));
    ColumnMeasures whole = Columns.measures(DataTypes.LongType, Collections.nCopies(100, 1L));
    assertThat(judge(normal(1, 100, 0), whole).watched().isComparable()).isTrue();
  }

  @Test
  void fewRowsAreNotJudged() {
    ColumnDrift drift = judge(normal(1, 4000, 0), normal(2, 29, 9));
    assertThat(drift.verdict()).isEqualTo(Verdict.FEW_ROWS);
    assertThat(drift.verdict().word()).isEqualTo("few-rows");
    assertThat(drift.message()).isEqualTo("x: 29 rows against 4000 aren't enough to judge by");
    assertThat(judge(normal(1, 4000, 0), normal(2, 0, 0)).verdict()).isEqualTo(Verdict.FEW_ROWS);
    assertThat(judge(normal(1, 4000, 0), normal(2, 30, 2)).verdict()).isEqualTo(Verdict.STOP);
  }

  @Test
  void columnsWithoutContentAreJudged() {
    ColumnMeasures nulls = Columns.numbers(Collections.nCopies(100, null));
    assertThat(judge(nulls, nulls).message()).isEqualTo("x: psi 0.00 (chance 0.00)");
    assertThat(judge(nulls, nulls, Distance.WASSERSTEIN).metric()).isEqualTo(Distance.PSI);
    assertThat(judge(normal(1, 100, 0), nulls).message())
        .startsWith("x: psi ")
        .contains("(missing) went from 0% to 100%");
    ColumnMeasures constant = Columns.numbers(Collections.nCopies(100, 5.0));
    ColumnDrift moved = judge(constant, normal(1, 100, 5), Distance.WASSERSTEIN);
    assertThat(moved.metric()).as("no deviation to divide by").isEqualTo(Distance.PSI);
    assertThat(moved.verdict()).isEqualTo(Verdict.STOP);
    ColumnMeasures infinite = Columns.numbers(Collections.nCopies(100, Double.POSITIVE_INFINITY));
    assertThat(judge(constant, infinite).message()).contains("infinite went from 0% to 100%");
  }

  @Test
  void ofTimesOnlyTheMissingAreJudged() {
    List<Integer> early = Collections.nCopies(1000, 10_000);
    List<Integer> late = new ArrayList<>(Collections.nCopies(1000, 20_000));
    ColumnMeasures reference = Columns.measures(DataTypes.DateType, early);
    ColumnDrift same = judge(reference, Columns.measures(DataTypes.DateType, late));
    assertThat(same.verdict()).isEqualTo(Verdict.OK);
    late.addAll(Collections.nCopies(500, null));
    ColumnDrift missing = judge(reference, Columns.measures(DataTypes.DateType, late));
    assertThat(missing.verdict()).isEqualTo(Verdict.STOP);
    assertThat(missing.message()).contains("(missing) went from 0% to 33.3%");
  }

  @Test
  void moreCategoriesThanAreCountedAreJudgedByHashes() {
    List<String> ids = IntStream.range(0, 40_000).mapToObj(i -> "id" + i % 4000).toList();
    ColumnMeasures many = Columns.texts(ids);
    ColumnDrift drift = judge(many, many);
    assertThat(drift.verdict()).isEqualTo(Verdict.CAPPED);
    assertThat(drift.message())
        .isEqualTo(
            "x: psi 0.00 (chance 0.01), judged by hashes: it has more categories than are counted");
    List<String> one = new ArrayList<>(ids.subList(0, 30_000));
    one.addAll(Collections.nCopies(10_000, "unknown"));
    ColumnDrift changed = judge(many, Columns.texts(one));
    assertThat(changed.verdict()).isEqualTo(Verdict.STOP);
    assertThat(changed.message()).contains("of 256) went from 0.4% to 25.3%, judged by hashes");
  }

  @Test
  void manyRareCategoriesAreJudgedByHashesToo() {
    Random random = new Random(3);
    Stream<String> early = Stream.generate(() -> "v" + random.nextInt(500)).limit(1000);
    ColumnMeasures reference = Columns.texts(early.toList());
    ColumnMeasures alike =
        Columns.texts(Stream.generate(() -> "v" + random.nextInt(500)).limit(1000).toList());
    assertThat(judge(reference, alike).verdict()).isEqualTo(Verdict.OK);
    assertThat(judge(reference, alike).message())
        .endsWith("judged by hashes: most of its categories have too few rows");
    ColumnMeasures fewer =
        Columns.texts(Stream.generate(() -> "v" + random.nextInt(50)).limit(1000).toList());
    assertThat(judge(reference, fewer).verdict()).isEqualTo(Verdict.STOP);
  }

  @Test
  void aLargeDistanceOfFewRowsIsLeftToChance() {
    ColumnDrift drift = judge(letters(18, 12), letters(9, 21));
    assertThat(drift.judged().orElseThrow().beyondChance()).isGreaterThan(0.25);
    assertThat(drift.verdict()).isEqualTo(Verdict.OK);
    assertThat(drift.message())
        .isEqualTo("x: psi 0.35 (chance 0.07), which chance over all columns explains");
  }

  @Test
  void aColumnHasLimitsOfItsOwn() {
    List<Watched> one = List.of(Columns.feature("x", letters(500, 500), letters(400, 600)));
    assertThat(DriftJudge.judge(one, Columns.defaults()).get(0).verdict()).isEqualTo(Verdict.OK);
    ColumnDrift strict = DriftJudge.judge(one, Columns.spec("x", new Limits(0.01, 0.02))).get(0);
    assertThat(strict.verdict()).isEqualTo(Verdict.STOP);
    assertThat(strict.limits()).isEqualTo(new Limits(0.01, 0.02));
  }

  @Test
  void eachReferenceIsAFamilyOfItsOwn() {
    ColumnMeasures reference = letters(300, 300);
    ColumnMeasures current = letters(259, 341);
    List<Watched> columns = new ArrayList<>();
    columns.add(new Watched(Kind.FEATURE, "x", Against.BEFORE, reference, current));
    for (int i = 0; i < 20; i++) {
      Against against = Against.TRAINING;
      columns.add(new Watched(Kind.FEATURE, "y" + i, against, reference, reference));
    }
    columns.add(new Watched(Kind.PREDICTION, "z", Against.TRAINING, reference, current));
    List<ColumnDrift> found = DriftJudge.judge(columns, Columns.defaults());
    double p = found.get(0).judged().orElseThrow().pValue();
    assertThat(found.get(0).qValue().getAsDouble()).isEqualTo(p);
    assertThat(found.get(21).qValue().getAsDouble()).isCloseTo(21 * p, within(1e-12));
    assertThat(found).extracting(drift -> drift.watched().column()).startsWith("x", "y0");
  }

  @Test
  void rowsHaveTheSameColumns() {
    List<Map<String, Object>> rows = judge(normal(1, 2000, 0), normal(2, 2000, 1)).rows();
    assertThat(rows).hasSize(4);
    assertThat(rows).allSatisfy(row -> assertThat(row.keySet()).isEqualTo(rows.get(0).keySet()));
    assertThat(rows.get(0))
        .containsEntry("kind", "feature")
        .containsEntry("against", "training")
        .containsEntry("metric", "psi")
        .containsEntry("verdict", "stop")
        .containsEntry("rows", 2000L)
        .containsEntry("warn", 0.1);
    assertThat(rows.get(3))
        .containsEntry("metric", "wasserstein")
        .containsEntry("verdict", "")
        .containsEntry("exceeded_by_chance", null)
        .containsEntry("bins", null);
  }

  @Test
  void nothingIsJudgedOfNothing() {
    assertThat(DriftJudge.judge(List.of(), Columns.defaults())).isEmpty();
  }
}
